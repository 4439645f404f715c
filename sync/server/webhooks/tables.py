"""The tables of webhooks: who may tell something, and what was told."""

from peewee import BigIntegerField, Model, TextField

from sync.server.ledger import JsonField


class HookRow(Model):
    """A system that tells of events; `secret` is sealed. `opens`: the types of events that open a ticket, in
    `category_id`."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    secret = TextField()
    category_id = TextField(null=True)
    opens = JsonField()
    created_at = BigIntegerField()

    class Meta:
        table_name = "hook"


class HookEventRow(Model):
    """An event that was told; `event_key` is the sender's `webhook-id`, once for each hook.

    `data`: pairs of a name and a value, in the sender's order.
    """

    id = TextField(primary_key=True)
    hook_id = TextField()
    event_key = TextField()
    type = TextField()
    requester_id = TextField()
    occurred_at = BigIntegerField()
    at = BigIntegerField()
    data = JsonField()
    ticket_id = TextField(null=True)

    class Meta:
        table_name = "hook_event"
