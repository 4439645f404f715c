"""The protocol's name and number, and the words of the wire that are ours (ARCHITECTURE 3.13)."""

from typing import Final

CAPABILITY: Final = "https://deskbell.example/jmap/helpdesk"
PROTOCOL_VERSION: Final = 1

SESSION_PATH: Final = "/.well-known/jmap"
API_PATH: Final = "/jmap/api"
TOKEN_PATH: Final = "/auth/token"  # an address, no secret
PASSWORD_PATH: Final = "/auth/password"  # an address, no secret

CATEGORY: Final = "Category"
CATEGORY_GRANT: Final = "CategoryGrant"
TICKET: Final = "Ticket"
MESSAGE: Final = "Message"
REQUESTER: Final = "Requester"
AGENT: Final = "Agent"
TICKET_ARRIVAL: Final = "TicketArrival"
READ_MARK: Final = "ReadMark"
QUICK_NOTE: Final = "QuickNote"
SPOT_CHECK: Final = "SpotCheck"
HELD_MESSAGE: Final = "HeldMessage"
AGENT_ACCESS: Final = "AgentAccess"
UNREACHED_ALERT: Final = "UnreachedAlert"
FAQ_ENTRY: Final = "FaqEntry"
CLOSING: Final = "Closing"
DELIVERY: Final = "Delivery"
OPEN_TICKET_CAP: Final = "OpenTicketCap"
INCIDENT: Final = "Incident"
INCIDENT_NOTE: Final = "IncidentNote"
SURGE: Final = "Surge"
NEXT_IN_LINE: Final = "NextInLine"

CATEGORY_TYPES: Final = frozenset({CATEGORY, TICKET, MESSAGE, REQUESTER, TICKET_ARRIVAL, DELIVERY, SURGE, NEXT_IN_LINE})
PERSONAL_TYPES: Final = frozenset({CATEGORY_GRANT, READ_MARK, QUICK_NOTE, HELD_MESSAGE})
TEAM_TYPES: Final = frozenset({AGENT, CATEGORY, FAQ_ENTRY, CLOSING, INCIDENT, INCIDENT_NOTE})
TEAM_WRITTEN: Final[frozenset[str]] = frozenset({FAQ_ENTRY, CLOSING, INCIDENT, INCIDENT_NOTE})
"""What may be written in the team account; who may do it is each type's own rule."""
OVERSIGHT_TYPES: Final = frozenset({SPOT_CHECK, AGENT_ACCESS, CATEGORY, UNREACHED_ALERT, OPEN_TICKET_CAP})

CONFIRM_HOURS: Final = "confirmHours"
MAILS: Final = "mails"

ARRIVAL_EVENT: Final = "arrival"

PRESENCE: Final = "Presence"
PRESENCE_EVENT: Final = "presence"
TAKE_NEXT: Final = f"{TICKET}/takeNext"
SIMILAR: Final = f"{TICKET}/similar"
PILES: Final = f"{TICKET}/piles"
NEW_LINK: Final = f"{TICKET}/newLink"
REQUESTER_EXPORT: Final = f"{REQUESTER}/export"
REQUESTER_ERASE: Final = f"{REQUESTER}/erase"
INTAKE_FIGURES: Final = "Intake/figures"
INTAKE_SET_CALENDAR: Final = "Intake/setCalendar"
ALERT_REPORT: Final = "Alert/report"
FAQ_TREND: Final = f"{FAQ_ENTRY}/trend"
ALERT_TRACE: Final = "Alert/trace"

STATE_MISMATCH: Final = "stateMismatch"
ALREADY_EXISTS: Final = "alreadyExists"
OVERTAKEN: Final = "overtaken"
CLOSED: Final = "closed"
MERGED: Final = "merged"
NOT_FOUND: Final = "notFound"
ACCOUNT_NOT_FOUND: Final = "accountNotFound"
FORBIDDEN: Final = "forbidden"
NAME_TAKEN: Final = "nameTaken"
LAST_OWNER: Final = "lastOwner"
WRONG_PASSWORD: Final = "wrongPassword"
