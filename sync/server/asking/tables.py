"""The tables of the form as Peewee models; times in ms UTC."""

from peewee import BigIntegerField, CompositeKey, Model, TextField


class OpenTicketCapRow(Model):
    """How many tickets a requester may have open, in a category or (None) over all; `until` None: until taken back."""

    id = TextField(primary_key=True)
    category_id = TextField(null=True)
    most = BigIntegerField()
    until = BigIntegerField(null=True)
    reason = TextField()
    led_times = BigIntegerField(default=0)

    class Meta:
        table_name = "open_ticket_cap"


class CategoryWordRow(Model):
    """How much a word points to a category, in thousandths of a natural logarithm."""

    word = TextField()
    category_id = TextField()
    weight = BigIntegerField()

    class Meta:
        table_name = "category_word"
        primary_key = CompositeKey("word", "category_id")
