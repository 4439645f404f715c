"""The tables of FAQ entries and of what became of them; what search needs beside them is made by the migration."""

from peewee import BigIntegerField, BooleanField, CompositeKey, Model, TextField

from sync.server.ledger import JsonField


class FaqRow(Model):
    """One question with its answer. `excerpt`: the answer's beginning without marks; `category_ids`: sorted.

    `untold`: it was counted since workstations were told. `first_published_at`: from then on the slug stays.
    """

    id = TextField(primary_key=True)
    question = TextField()
    answer = TextField()
    excerpt = TextField()
    category_ids = JsonField()
    language = TextField()
    status = TextField()
    slug = TextField()
    author_id = TextField(null=True)
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    first_published_at = BigIntegerField(null=True)
    shown = BigIntegerField()
    opened = BigIntegerField()
    answered = BigIntegerField()
    untold = BooleanField()
    client_key = TextField(null=True)

    class Meta:
        table_name = "faq_entry"


class FaqWeekRow(Model):
    """How often an entry was shown, opened and found to answer in a week; `week`: its Monday 00:00 UTC in ms."""

    entry_id = TextField()
    week = BigIntegerField()
    shown = BigIntegerField()
    opened = BigIntegerField()
    answered = BigIntegerField()

    class Meta:
        table_name = "faq_week"
        primary_key = CompositeKey("week", "entry_id")


class FaqSeenRow(Model):
    """That an address was counted today, as a digest that nobody can turn back once the day's salt is gone."""

    day = BigIntegerField()
    digest = TextField()

    class Meta:
        table_name = "faq_seen"
        primary_key = CompositeKey("day", "digest")


class FaqDayRow(Model):
    """The salt of a day's digests; kept for that day only."""

    day = BigIntegerField(primary_key=True)
    salt = TextField()

    class Meta:
        table_name = "faq_day"
