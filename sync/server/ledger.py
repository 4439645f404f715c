"""The tables of the server's own books: settings, sign-ins, accounts, states, receipts, files; times in ms UTC."""

from typing import Any

import orjson
from peewee import BigIntegerField, BlobField, BooleanField, CompositeKey, IntegerField, Model, TextField


class JsonField(TextField):
    """A JSON value in a text column."""

    def db_value(self, value: Any) -> str | None:
        """As it is stored."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def python_value(self, value: Any) -> Any:
        """As it was."""
        return None if value is None else orjson.loads(value)


class Setting(Model):
    """What an administrator has set, and what the server knows of itself (names that begin with `server.`)."""

    name = TextField(primary_key=True)
    value = JsonField()


class TokenRow(Model):
    """A sign-in; only the SHA-256 of the token is kept."""

    id = TextField(primary_key=True)
    agent_id = TextField()
    token_hash = BlobField()
    device = TextField()
    created_at = BigIntegerField()
    used_at = BigIntegerField()
    expires_at = BigIntegerField()

    class Meta:
        table_name = "token"


class EndedToken(Model):
    """A sign-in that was ended, and why."""

    token_hash = BlobField(primary_key=True)
    why = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "ended_token"


class SignInDelay(Model):
    """Wrong passwords in a row, by name and address."""

    key = TextField(primary_key=True)
    failures = IntegerField()
    until = BigIntegerField()

    class Meta:
        table_name = "sign_in_delay"


class AccountRow(Model):
    """A JMAP account; `id` ends in the epoch, `counter` numbers its changes."""

    number = BigIntegerField(primary_key=True)
    id = TextField()
    kind = TextField()
    category_id = TextField(null=True)
    agent_id = TextField(null=True)
    counter = BigIntegerField(default=0)

    class Meta:
        table_name = "account"


class ObjectState(Model):
    """That an object stands, or stood, in an account, with the numbers of its changes.

    `first`: when it first came; `created`: when it last came (a ticket may leave and come back); `changed`: the last.
    """

    account = BigIntegerField()
    type = TextField()
    object_id = TextField()
    first = BigIntegerField()
    created = BigIntegerField()
    changed = BigIntegerField()
    destroyed = BooleanField(default=False)
    at = BigIntegerField()

    class Meta:
        table_name = "object_state"
        primary_key = CompositeKey("account", "type", "object_id")


class Pruned(Model):
    """Up to which number the destroyed objects of a type are forgotten in an account."""

    account = BigIntegerField()
    type = TextField()
    below = BigIntegerField()

    class Meta:
        table_name = "pruned"
        primary_key = CompositeKey("account", "type")


class Receipt(Model):
    """What became of a client key: the object made, or the refusal that the key gets again."""

    author_id = TextField()
    client_key = TextField()
    type = TextField()
    content = TextField()
    object_id = TextField(null=True)
    error = JsonField(null=True)
    at = BigIntegerField()

    class Meta:
        table_name = "receipt"
        primary_key = CompositeKey("author_id", "client_key")


class PageSecret(Model):
    """The private page of a ticket; only the SHA-256 of its secret is kept."""

    secret_hash = BlobField(primary_key=True)
    ticket_id = TextField()
    created_at = BigIntegerField()

    class Meta:
        table_name = "page_secret"


class BlobRow(Model):
    """A stored file."""

    id = TextField(primary_key=True)
    sha256 = BlobField()
    type = TextField()
    size = BigIntegerField()
    created_at = BigIntegerField()

    class Meta:
        table_name = "blob"


class BlobChunk(Model):
    """A piece of a stored file."""

    blob_id = TextField()
    position = BigIntegerField()
    data = BlobField()

    class Meta:
        table_name = "blob_chunk"
        primary_key = CompositeKey("blob_id", "position")


class BlobClaim(Model):
    """Who brought a file into which account; holds until something refers to it, or for a day."""

    blob_id = TextField()
    account = BigIntegerField()
    agent_id = TextField()
    at = BigIntegerField()

    class Meta:
        table_name = "blob_claim"
        primary_key = CompositeKey("blob_id", "account", "agent_id")


class BlobUse(Model):
    """That a message refers to a file."""

    blob_id = TextField()
    message_id = TextField()

    class Meta:
        table_name = "blob_use"
        primary_key = CompositeKey("blob_id", "message_id")


class AuditRow(Model):
    """One entry of the audit log; triggers keep it as it is. `chain`: SHA-256 of this entry and the `chain` before."""

    id = BigIntegerField(primary_key=True)
    at = BigIntegerField()
    actor_id = TextField(null=True)
    actor_name = TextField()
    what = TextField()
    subject = TextField()
    detail = JsonField()
    chain = BlobField()

    class Meta:
        table_name = "audit_entry"


class AuditPruned(Model):
    """At most one row: entries below this number may be deleted; `chain` is that of the last of them."""

    below = BigIntegerField(primary_key=True)
    chain = BlobField()

    class Meta:
        table_name = "audit_pruned"
