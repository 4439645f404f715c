"""The tables of the index of words: no text stands in them, only hashes of words, by category account."""

from peewee import BigIntegerField, CompositeKey, Model, TextField


class LikenessWord(Model):
    """In how many tickets of a category account a word occurs; `word` is 64 bits of its hash."""

    account = BigIntegerField()
    word = BigIntegerField()
    tickets = BigIntegerField()

    class Meta:
        table_name = "likeness_word"
        primary_key = CompositeKey("account", "word")


class LikenessPosting(Model):
    """That one of the rarest words of a ticket, by its number, is this one."""

    account = BigIntegerField()
    word = BigIntegerField()
    number = BigIntegerField()

    class Meta:
        table_name = "likeness_posting"
        primary_key = CompositeKey("account", "word", "number")


class LikenessTicket(Model):
    """That a ticket is in the index, and under which account."""

    ticket_id = TextField(primary_key=True)
    account = BigIntegerField()

    class Meta:
        table_name = "likeness_ticket"


class LikenessDue(Model):
    """A ticket that is new or was moved, and is not (or elsewhere) in the index; a trigger writes it."""

    ticket_id = TextField(primary_key=True)

    class Meta:
        table_name = "likeness_due"
