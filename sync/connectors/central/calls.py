"""An action as method calls: one place that knows how each kind of action looks on the wire."""

from collections.abc import Mapping, Sequence

from sync.domain.actions import (
    SET_PREFIXES,
    Action,
    AttachQuickNote,
    CreateTicket,
    DiscardHeld,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    MergeTicket,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
    member_of,
)
from sync.domain.protocol import HELD_MESSAGE, MESSAGE, QUICK_NOTE, READ_MARK, SPOT_CHECK, TICKET
from sync.domain.records import Attachment, MessageKind
from sync.domain.times import to_utc_date
from sync.jmap.client import Handle, RequestBuilder
from sync.jmap.errors import JSON

Values = dict[str, JSON]


def subject_of(action: Action) -> str | None:
    """The id of the object that must be there for the action; None for what stands alone."""
    match action:
        case PostMessage() | EditTicket() | MergeTicket() | MarkRead() | AttachQuickNote():
            return action.ticket_id
        case DiscardQuickNote():
            return action.note_id
        case DiscardHeld():
            return action.held_id
        case _:
            return None


def put(request: RequestBuilder, action: Action, account_id: str, personal_id: str) -> Handle:
    """Add the action's calls; the handle of the one whose answer decides."""
    match action:
        case PostMessage():
            return _post(request, action, account_id)
        case EditTicket():
            return _edit(request, action, account_id)
        case MergeTicket():
            patch: Values = {"mergedIntoId": action.into_id}
            return request.call(f"{TICKET}/set", {"accountId": account_id, "update": {action.ticket_id: patch}})
        case CreateTicket():
            return _create(request, TICKET, account_id, action.client_key, _ticket(action))
        case MarkRead():
            mark: Values = {"ticketId": action.ticket_id, "lastSeq": action.last_seq}
            return _create(request, READ_MARK, personal_id, action.client_key, mark)
        case SaveQuickNote():
            note: Values = {
                "clientKey": action.client_key,
                "text": action.text,
                "createdAt": to_utc_date(action.created_at),
            }
            return _create(request, QUICK_NOTE, personal_id, action.client_key, note)
        case AttachQuickNote():
            handle = _create(request, MESSAGE, account_id, action.client_key, message_values(action))
            _destroy_note(request, action.note_id, personal_id)
            return handle
        case DiscardQuickNote():
            return _destroy_note(request, action.note_id, personal_id)
        case DiscardHeld():
            return request.call(f"{HELD_MESSAGE}/set", {"accountId": personal_id, "destroy": [action.held_id]})
        case RecordSpotCheck():
            return _create(request, SPOT_CHECK, account_id, action.client_key, _spot_check(action))


def message_values(action: PostMessage | AttachQuickNote) -> Values:
    """The words of an action as a message to be created."""
    if isinstance(action, AttachQuickNote):
        return {
            "clientKey": action.client_key,
            "ticketId": action.ticket_id,
            "kind": MessageKind.NOTE.value,
            "bodyText": action.text,
            "composedAt": to_utc_date(action.at),
        }
    values: Values = {
        "clientKey": action.client_key,
        "ticketId": action.ticket_id,
        "kind": action.kind.value,
        "bodyText": action.body_text,
        "composedAt": to_utc_date(action.composed_at),
    }
    if action.attachments:
        values["attachments"] = attachments_of(action.attachments)
    if action.kind is MessageKind.REPLY:
        values["baseSeq"] = action.base_seq
    return values


def attachments_of(attachments: Sequence[Attachment]) -> list[JSON]:
    """Attachments in wire form."""
    return [{"blobId": one.blob_id, "name": one.name, "type": one.type, "size": one.size} for one in attachments]


def guarded(base: Mapping[str, str | bool | None]) -> Values:
    """The part of an edit's base that must still hold: tags and links merge, so they never stand in the way."""
    return {name: value for name, value in base.items() if not name.startswith(SET_PREFIXES)}


def _post(request: RequestBuilder, action: PostMessage, account_id: str) -> Handle:
    arguments: Values = {
        "accountId": account_id,
        "create": {action.client_key: message_values(action)},
    }
    if action.then_status is not None:
        base = {} if action.base_status is None else {"status": action.base_status.value}
        arguments["onSuccessUpdateTicket"] = {
            f"#{action.client_key}": {"patch": {"status": action.then_status.value}, "ifUnchangedBy": base}
        }
    return request.call(f"{MESSAGE}/set", arguments)


def _edit(request: RequestBuilder, action: EditTicket, account_id: str) -> Handle:
    patch = {pointer(key): value for key, value in action.wanted.items()}
    arguments: Values = {"accountId": account_id, "update": {action.ticket_id: patch}}
    base = guarded(action.base)
    if base:
        arguments["ifUnchangedBy"] = {action.ticket_id: base}
    return request.call(f"{TICKET}/set", arguments)


def pointer(name: str) -> str:
    """A field's name as a key of a PatchObject: a tag's own `/` and `~` are escaped (RFC 6901)."""
    found = member_of(name)
    if found is None:
        return name
    return f"{found[0]}/{found[1].replace('~', '~0').replace('/', '~1')}"


def _ticket(action: CreateTicket) -> Values:
    requester: Values = {"name": action.requester_name}
    if action.requester_email:
        requester["email"] = action.requester_email
    if action.requester_phone:
        requester["phone"] = action.requester_phone
    message: Values = {"bodyText": action.body_text, "composedAt": to_utc_date(action.composed_at)}
    if action.attachments:
        message["attachments"] = attachments_of(action.attachments)
    if action.first_kind is not MessageKind.INBOUND:
        message["kind"] = action.first_kind.value
    values: Values = {
        "clientKey": action.client_key,
        "categoryId": action.category_id,
        "subject": action.subject,
        "priority": action.priority.value,
        "channel": action.channel.value,
        "requester": requester,
        "firstMessage": message,
    }
    if action.tags:
        values["tags"] = dict.fromkeys(sorted(action.tags), True)
    if action.follow_up_of is not None:
        values["followUpOf"] = action.follow_up_of
    return values


def _spot_check(action: RecordSpotCheck) -> Values:
    return {
        "clientKey": action.client_key,
        "at": to_utc_date(action.at),
        "asOf": to_utc_date(action.as_of),
        "awaiting": action.awaiting,
        "new": action.new,
        "tooLong": action.too_long,
        "oldestTicketId": action.oldest_ticket_id,
    }


def _create(request: RequestBuilder, name: str, account_id: str, key: str, values: Values) -> Handle:
    return request.call(f"{name}/set", {"accountId": account_id, "create": {key: values}})


def _destroy_note(request: RequestBuilder, note_id: str, personal_id: str) -> Handle:
    return request.call(f"{QUICK_NOTE}/set", {"accountId": personal_id, "destroy": [note_id]})
