"""The tables of incidents and surges, as Peewee models."""

from peewee import BigIntegerField, BooleanField, CompositeKey, FloatField, Model, TextField

from sync.server.ledger import JsonField


class IncidentRow(Model):
    """One cause behind many tickets; `category_ids` empty: every requester reads the notice."""

    id = TextField(primary_key=True)
    client_key = TextField(null=True)
    title = TextField()
    notice = TextField()
    since = BigIntegerField()
    eta = BigIntegerField(null=True)
    fixed_at = BigIntegerField(null=True)
    cause = TextField()
    category_ids = JsonField()
    is_public = BooleanField()
    keeper_id = TextField(null=True)
    author_id = TextField(null=True)
    late_at = BigIntegerField(null=True)
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    followers = BigIntegerField(default=0)
    works = BigIntegerField(default=0)
    broken = BigIntegerField(default=0)

    class Meta:
        table_name = "incident"


class IncidentNoteRow(Model):
    """One entry of an incident's internal thread."""

    id = TextField(primary_key=True)
    client_key = TextField(null=True)
    incident_id = TextField()
    author_id = TextField(null=True)
    text = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "incident_note"


class FollowerRow(Model):
    """Who wants one mail when it is repaired; gone with that mail. Only the SHA-256 of the opening secret is kept."""

    id = TextField(primary_key=True)
    incident_id = TextField()
    email = TextField()
    email_key = TextField()
    secret_hash = TextField(null=True)
    asked_at = BigIntegerField()
    confirmed_at = BigIntegerField(null=True)

    class Meta:
        table_name = "incident_follower"


class RepairRow(Model):
    """What the requester of a gathered ticket said after the repair: `what` is works or broken."""

    incident_id = TextField()
    ticket_id = TextField()
    what = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "incident_repair"
        primary_key = CompositeKey("incident_id", "ticket_id")


class SurgeRow(Model):
    """Far more arrivals in a category than usual at that hour and weekday; `usual` of so many `minutes`."""

    id = TextField(primary_key=True)
    category_id = TextField()
    since = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    count = BigIntegerField()
    minutes = BigIntegerField()
    usual = FloatField()

    class Meta:
        table_name = "surge"
