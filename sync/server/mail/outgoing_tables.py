"""The tables of outgoing mail: letters, what became of replies, the administrator's own templates."""

from peewee import BigIntegerField, BooleanField, Model, TextField

from sync.server.ledger import JsonField


class LetterRow(Model):
    """A letter on its way. `mail_id` is its Message-ID; `state` as in `sync.server.mail.queue.State`.

    `to_key` is the address as compared. Once it is settled its words are emptied; the row stays for bounces.
    """

    id = TextField(primary_key=True)
    kind = TextField()
    ticket_id = TextField(null=True)
    message_id = TextField(null=True)
    category_id = TextField(null=True)
    to_address = TextField()
    to_key = TextField()
    to_name = TextField()
    subject = TextField()
    body_text = TextField()
    files = JsonField()
    refers = JsonField()
    automatic = BooleanField()
    mail_id = TextField()
    state = TextField()
    attempts = BigIntegerField()
    next_at = BigIntegerField()
    created_at = BigIntegerField()
    settled_at = BigIntegerField(null=True)
    detail = TextField(null=True)
    incident_id = TextField(null=True)

    class Meta:
        table_name = "letter"


class DeliveryRow(Model):
    """What became of a reply that was to be mailed."""

    id = TextField(primary_key=True)
    message_id = TextField()
    ticket_id = TextField()
    status = TextField()
    at = BigIntegerField()
    detail = TextField(null=True)

    class Meta:
        table_name = "delivery"


class TemplateRow(Model):
    """A template that the administrator has changed."""

    name = TextField(primary_key=True)
    text = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "mail_template"
