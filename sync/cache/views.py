"""The SQL of lists: which tickets a view holds, in which order, always by an index."""

from collections.abc import Mapping
from typing import Final

from sync.cache.held import ONLY_HELD
from sync.cache.rows import Sort, View
from sync.cache.strays import STRAY

_OPEN = "t.status <> 'closed'"
_ALERTED = "t.category_id IN (SELECT category_id FROM alerted)"

AWAITING: Final = f"t.awaiting = 'team' AND {_OPEN}"

_WHERE: Final[Mapping[str, str]] = {
    "awaiting": AWAITING,
    "mine": f"t.assignee_id = :me AND {_OPEN}",
    "unassigned": f"t.assignee_id IS NULL AND {_OPEN}",
    "waiting": f"t.awaiting = 'requester' AND {_OPEN}",
    "new": f"{_OPEN} AND t.id IN (SELECT ticket_id FROM new_ticket)",
    "closed": "t.status = 'closed'",
    "all": "1",
}
_ALERTED_ONLY = frozenset({"awaiting", "new"})

_ORDER: Final[Mapping[str, str]] = {
    "mostInNeed": "t.need",
    "updated": "t.updated_at",
    "created": "t.created_at",
    "number": "t.number",
    "subject": "t.subject COLLATE NOCASE",
    "requester": "(SELECT name FROM requester r WHERE r.id = t.requester_id AND r.account = t.account) COLLATE NOCASE",
    "status": "CASE t.status WHEN 'new' THEN 0 WHEN 'open' THEN 1 WHEN 'waiting' THEN 2 ELSE 3 END",
    "priority": "t.priority",
    "assignee": "(SELECT name FROM agent g WHERE g.id = t.assignee_id) COLLATE NOCASE",
    "category": "(SELECT min(name) FROM category c WHERE c.id = t.category_id) COLLATE NOCASE",
}


def keys_query(view: View, sort: Sort) -> str:
    """All keys of a view in order; parameters :me and :category. A view of all categories that counts for the
    badge holds the alerted ones only, so that list and badge agree."""
    where = _WHERE[view.name]
    if view.category_id is not None:
        where += " AND t.category_id = :category"
    elif view.name in _ALERTED_ONLY:
        where += f" AND {_ALERTED}"
    way = " DESC" if sort.descending and sort.name != "mostInNeed" else ""
    terms = (_ORDER[sort.name], *(["t.status"] if sort.name == "updated" else []), "t.key")  # as the index goes
    order = ", ".join(f"{term}{way}" for term in terms)
    return f"SELECT t.key FROM ticket t WHERE {where} ORDER BY {order}"


COUNTS: Final = (
    """
WITH turn AS (SELECT category_id AS c, sum(n) AS n FROM tally WHERE turn = 'team' GROUP BY category_id),
     fresh AS (SELECT category_id AS c, sum(fresh) AS n FROM tally GROUP BY category_id HAVING sum(fresh) > 0)
SELECT 'awaiting', c, n FROM turn WHERE c IN (SELECT category_id FROM alerted) UNION ALL
SELECT 'new', c, n FROM fresh WHERE c IN (SELECT category_id FROM alerted) UNION ALL
SELECT 'awaitingSeen', c, n FROM turn UNION ALL
SELECT 'newSeen', c, n FROM fresh UNION ALL
SELECT 'mine', NULL, coalesce(sum(n), 0) FROM tally WHERE assignee_id = :me AND :me <> '' UNION ALL
SELECT 'unassigned', NULL, coalesce(sum(n), 0) FROM tally WHERE assignee_id = '' UNION ALL
SELECT 'waiting', NULL, coalesce(sum(n), 0) FROM tally WHERE turn = 'requester' UNION ALL
SELECT 'outbox', NULL, count(*) FROM outbox WHERE state <> 3 AND kind NOT IN ('MarkRead', 'DiscardHeld') UNION ALL
SELECT 'undelivered', NULL, (SELECT count(*) FROM undelivered WHERE discarded_at IS NULL)
  + (SELECT count(*) FROM held h WHERE {held}) + (SELECT count(*) FROM draft d WHERE {stray}) UNION ALL
SELECT 'quickNotes', NULL, count(*) FROM quick_note q WHERE {notes} UNION ALL
SELECT 'asOf', NULL, value FROM meta WHERE name = 'contactMs'
""".replace(
        "{notes}",
        "q.ticket_id IS NULL AND q.id NOT IN (SELECT json_extract(action, '$.note_id') FROM outbox "
        "WHERE kind IN ('AttachQuickNote', 'DiscardQuickNote'))",
    )
    .replace("{held}", ONLY_HELD)
    .replace("{stray}", STRAY)
)

TICKET_ROW: Final = """
SELECT t.key, t.id, t.number, t.subject, coalesce(r.name, (SELECT json_extract(action, '$.requester_name') FROM outbox
         WHERE ticket_id = t.id AND kind = 'CreateTicket'), ''),
       t.category_id, coalesce((SELECT name FROM category c WHERE c.id = t.category_id LIMIT 1),
         (SELECT name FROM account a WHERE a.category_id = t.category_id), ''),
       t.status, t.priority, t.awaiting, t.awaiting_since, t.need, t.updated_at, t.created_at, t.assignee_id,
       (SELECT name FROM agent g WHERE g.id = t.assignee_id), t.tags,
       t.status <> 'closed' AND t.last_seq > coalesce((SELECT last_seq FROM read_mark k WHERE k.ticket_id = t.id), 0),
       EXISTS (SELECT 1 FROM new_ticket w WHERE w.ticket_id = t.id),
       (SELECT count(*) FROM outbox o WHERE o.ticket_id = t.id AND o.state <> 3 AND o.kind <> 'MarkRead'),
       EXISTS (SELECT 1 FROM undelivered u WHERE u.ticket_id = t.id AND u.discarded_at IS NULL)
         OR t.awaiting = 'team' AND EXISTS (SELECT 1 FROM delivery d WHERE d.ticket_id = t.id
           AND d.status IN ('bounced', 'failed') AND d.at >= t.awaiting_since),
       EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id)
FROM ticket t LEFT JOIN requester r ON r.id = t.requester_id AND r.account = t.account
"""

MESSAGE_ROW: Final = """
SELECT m.id, m.ticket_id, m.seq, m.kind, m.author_id,
       coalesce((SELECT name FROM agent g WHERE g.id = m.author_id),
                (SELECT name FROM requester r WHERE r.id = m.author_id AND r.account = m.account), ''),
       m.body_text, m.composed_at, m.posted_at, m.attachments, m.state, m.client_key,
       CASE m.state WHEN 1 THEN (SELECT hold_until FROM outbox o WHERE o.client_key = m.client_key AND o.attempts = 0)
       END, m.original
FROM message m
"""
