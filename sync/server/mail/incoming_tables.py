"""The tables of mail that comes in: what was taken in, who writes in a ticket, mailboxes, addresses; ms UTC."""

from peewee import BigIntegerField, BooleanField, CompositeKey, Model, TextField


class MailInRow(Model):
    """A mail that was taken in, once; `header_id` is its Message-ID without brackets, `ticket_id` where it went."""

    fingerprint = TextField(primary_key=True)
    header_id = TextField(null=True)
    nature = TextField()
    ticket_id = TextField(null=True)
    message_id = TextField(null=True)
    at = BigIntegerField()

    class Meta:
        table_name = "mail_in"


class ParticipantRow(Model):
    """Whose mails, besides the requester's, may join a ticket: who wrote in it, or was written to."""

    ticket_id = TextField()
    email_key = TextField()

    class Meta:
        table_name = "mail_participant"
        primary_key = CompositeKey("ticket_id", "email_key")


class MailAddressRow(Model):
    """An address of ours, and the category that mail to it goes to."""

    email_key = TextField(primary_key=True)
    category_id = TextField()

    class Meta:
        table_name = "mail_address"


class MailboxRow(Model):
    """A mailbox that is read by IMAP; `secret` is the sealed password, `next_uid` what was not looked at yet."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    category_id = TextField()
    host = TextField()
    port = BigIntegerField()
    security = TextField()
    user_name = TextField()
    secret = TextField()
    folder = TextField()
    done_folder = TextField(null=True)
    uid_validity = BigIntegerField(null=True)
    next_uid = BigIntegerField(default=1)
    enabled = BooleanField(default=True)
    trouble = TextField(null=True)
    trouble_at = BigIntegerField(null=True)
    seen_at = BigIntegerField(null=True)
    created_at = BigIntegerField()

    class Meta:
        table_name = "mailbox"
