"""The tables of closings and of what requesters say with a button, as Peewee models."""

from peewee import BigIntegerField, Model, TextField

from sync.server.ledger import JsonField


class ClosingRow(Model):
    """When nobody works; `category_ids` empty: all of them."""

    id = TextField(primary_key=True)
    name = TextField()
    notice = TextField()
    starts_at = BigIntegerField()
    ends_at = BigIntegerField()
    category_ids = JsonField()

    class Meta:
        table_name = "closing"


class FeedbackRow(Model):
    """What a requester said with a button of the private page: `what` is reminder, solved, good or bad."""

    id = TextField(primary_key=True)
    ticket_id = TextField()
    category_id = TextField()
    what = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "feedback"
