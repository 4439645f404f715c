"""The tables of people, categories and tickets as Peewee models: declarations only, bound to no database."""

from typing import Final

from peewee import BigIntegerField, BooleanField, CompositeKey, Model, TextField

from sync.server.asking.tables import CategoryWordRow, OpenTicketCapRow
from sync.server.expecting.tables import ClosingRow, FeedbackRow
from sync.server.faq.tables import FaqDayRow, FaqRow, FaqSeenRow, FaqWeekRow
from sync.server.incidents.tables import FollowerRow, IncidentNoteRow, IncidentRow, RepairRow, SurgeRow
from sync.server.ledger import (
    AccountRow,
    AuditPruned,
    AuditRow,
    BlobChunk,
    BlobClaim,
    BlobRow,
    BlobUse,
    EndedToken,
    JsonField,
    ObjectState,
    PageSecret,
    Pruned,
    Receipt,
    Setting,
    SignInDelay,
    TokenRow,
)
from sync.server.likeness.tables import LikenessDue, LikenessPosting, LikenessTicket, LikenessWord
from sync.server.mail.incoming_tables import MailAddressRow, MailboxRow, MailInRow, ParticipantRow
from sync.server.mail.outgoing_tables import DeliveryRow, LetterRow, TemplateRow
from sync.server.webhooks.tables import HookEventRow, HookRow


class AgentRow(Model):
    """Who may sign in; `name_key` is the name as compared."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    password_hash = TextField(null=True)
    is_owner = BooleanField(default=False)
    is_active = BooleanField(default=True)
    created_at = BigIntegerField()

    class Meta:
        table_name = "agent"


class CategoryRow(Model):
    """What access is granted by."""

    id = TextField(primary_key=True)
    name = TextField()
    name_key = TextField()
    limit_ms = BigIntegerField()
    description = TextField(default="")
    created_at = BigIntegerField()

    class Meta:
        table_name = "category"


class GrantRow(Model):
    """That an agent may see a category; in its second line it does not ring for them at once."""

    id = TextField(primary_key=True)
    agent_id = TextField()
    category_id = TextField()
    at = BigIntegerField()
    second_line = BooleanField(default=False)

    class Meta:
        table_name = "category_grant"


class RequesterRow(Model):
    """Who asks; `email_key` is the address in lower case."""

    id = TextField(primary_key=True)
    name = TextField()
    email = TextField(null=True)
    email_key = TextField(null=True)
    phone = TextField(null=True)
    created_at = BigIntegerField()
    facts = JsonField(null=True)

    class Meta:
        table_name = "requester"


class TicketRow(Model):
    """One request."""

    id = TextField(primary_key=True)
    number = BigIntegerField()
    subject = TextField()
    category_id = TextField()
    requester_id = TextField(null=True)
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    status = TextField()
    priority = TextField()
    channel = TextField()
    site = TextField(null=True)
    assignee_id = TextField(null=True)
    awaiting = TextField(null=True)
    awaiting_since = BigIntegerField(null=True)
    closed_at = BigIntegerField(null=True)
    resolution = TextField(null=True)
    outcome = TextField(null=True)
    tags = JsonField()
    merged_into_id = TextField(null=True)
    follow_up_of = TextField(null=True)
    last_seq = BigIntegerField()
    first_message_id = TextField(null=True)
    client_key = TextField(null=True)
    reminders = BigIntegerField(default=0)
    reminded_at = BigIntegerField(null=True)
    page_turn = BigIntegerField(default=0)
    rating = TextField(null=True)
    links = JsonField(default=list)
    incident_id = TextField(null=True)

    class Meta:
        table_name = "ticket"


class MessageRow(Model):
    """One entry of a thread, never changed; `status_before` is the ticket's status when it was posted."""

    id = TextField(primary_key=True)
    ticket_id = TextField()
    seq = BigIntegerField()
    kind = TextField()
    author_id = TextField(null=True)
    body_text = TextField()
    composed_at = BigIntegerField()
    posted_at = BigIntegerField()
    attachments = JsonField()
    client_key = TextField(null=True)
    status_before = TextField(null=True)
    original_blob_id = TextField(null=True)

    class Meta:
        table_name = "message"


class ArrivalRow(Model):
    """What rings; `for_agent_id`: for whom alone."""

    id = TextField(primary_key=True)
    ticket_id = TextField()
    message_id = TextField(null=True)
    kind = TextField()
    priority = TextField()
    by_agent_id = TextField(null=True)
    at = BigIntegerField()
    for_agent_id = TextField(null=True)

    class Meta:
        table_name = "arrival"


class ReadMarkRow(Model):
    """How far an agent has read."""

    id = TextField(primary_key=True)
    agent_id = TextField()
    ticket_id = TextField()
    last_seq = BigIntegerField()

    class Meta:
        table_name = "read_mark"


class QuickNoteRow(Model):
    """Something jotted down."""

    id = TextField(primary_key=True)
    agent_id = TextField()
    text = TextField()
    created_at = BigIntegerField()
    ticket_id = TextField(null=True)
    client_key = TextField(null=True)

    class Meta:
        table_name = "quick_note"


class HeldMessageRow(Model):
    """Words that could not be posted."""

    id = TextField(primary_key=True)
    agent_id = TextField()
    ticket_id = TextField(null=True)
    kind = TextField()
    body_text = TextField()
    composed_at = BigIntegerField()
    reason = TextField()
    client_key = TextField(null=True)
    attachments = JsonField()

    class Meta:
        table_name = "held_message"


class SpotCheckRow(Model):
    """One run of the owner's check."""

    id = TextField(primary_key=True)
    by_agent_id = TextField(null=True)
    at = BigIntegerField()
    as_of = BigIntegerField()
    awaiting = BigIntegerField()
    new = BigIntegerField()
    too_long = BigIntegerField()
    oldest_ticket_id = TextField(null=True)
    client_key = TextField(null=True)

    class Meta:
        table_name = "spot_check"


class AlertReceiptRow(Model):
    """What a workstation said of an arrival: when it was offered there, shown, rang, was seen."""

    arrival_id = TextField()
    token_id = TextField()
    agent_id = TextField()
    device = TextField()
    offered = BigIntegerField(null=True)
    shown = BigIntegerField(null=True)
    rang = BigIntegerField(null=True)
    seen = BigIntegerField(null=True)
    at = BigIntegerField()

    class Meta:
        table_name = "alert_receipt"
        primary_key = CompositeKey("arrival_id", "token_id")


class AlertDeviceRow(Model):
    """What a workstation said of itself: until when it is quiet, which categories it follows (None: all)."""

    token_id = TextField(primary_key=True)
    agent_id = TextField()
    quiet_until = BigIntegerField(null=True)
    follows = JsonField(null=True)
    at = BigIntegerField()

    class Meta:
        table_name = "alert_device"


class UnreachedAlertRow(Model):
    """An arrival that reached nobody in time; `reached_at` once it did, `next_ids` who was next in line."""

    id = TextField(primary_key=True)
    arrival_id = TextField()
    ticket_id = TextField()
    category_id = TextField()
    at = BigIntegerField()
    reached_at = BigIntegerField(null=True)
    next_ids = JsonField(default=list)
    noted_at = BigIntegerField(null=True)

    class Meta:
        table_name = "unreached_alert"


MODELS: Final[tuple[type[Model], ...]] = (
    Setting, AgentRow, TokenRow, SignInDelay, AccountRow, ObjectState, Pruned, Receipt, CategoryRow, GrantRow,
    RequesterRow, TicketRow, MessageRow, ArrivalRow, ReadMarkRow, QuickNoteRow, HeldMessageRow, SpotCheckRow,
    PageSecret, BlobRow, BlobChunk, BlobClaim, BlobUse, EndedToken, AuditPruned, AuditRow,
    AlertReceiptRow, AlertDeviceRow, UnreachedAlertRow, FaqRow, FaqWeekRow, FaqSeenRow, FaqDayRow,
    MailInRow, ParticipantRow, MailAddressRow, MailboxRow,
    OpenTicketCapRow, CategoryWordRow,
    LetterRow, DeliveryRow, TemplateRow, HookRow, HookEventRow,
    ClosingRow, FeedbackRow,
    LikenessWord, LikenessPosting, LikenessTicket, LikenessDue,
    IncidentRow, IncidentNoteRow, FollowerRow, RepairRow, SurgeRow,
)  # fmt: skip
