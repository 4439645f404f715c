"""The tables of the first cache, final since: what came later is a step of its own."""

from typing import Final

TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE account (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
  read_only INTEGER NOT NULL, category_id TEXT, cursor TEXT,
  complete INTEGER NOT NULL DEFAULT 0, copy INTEGER NOT NULL DEFAULT 0, fresh INTEGER NOT NULL DEFAULT 1);
CREATE TABLE category (
  id TEXT NOT NULL, account INTEGER NOT NULL, name TEXT NOT NULL, limit_ms INTEGER NOT NULL, agent_ids TEXT NOT NULL,
  seen INTEGER NOT NULL, PRIMARY KEY (id, account)) WITHOUT ROWID;
CREATE TABLE alerted (category_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE category_grant (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, category_id TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE agent (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL, is_owner INTEGER NOT NULL, seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE requester (
  id TEXT NOT NULL, account INTEGER NOT NULL, name TEXT NOT NULL, email TEXT, phone TEXT, created_at INTEGER NOT NULL,
  seen INTEGER NOT NULL, PRIMARY KEY (id, account)) WITHOUT ROWID;
CREATE TABLE ticket (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER NOT NULL, number INTEGER, subject TEXT NOT NULL,
  category_id TEXT NOT NULL, requester_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  status TEXT NOT NULL, priority INTEGER NOT NULL, channel TEXT NOT NULL, site TEXT, assignee_id TEXT, awaiting TEXT,
  awaiting_since INTEGER, closed_at INTEGER, resolution TEXT, outcome TEXT, tags TEXT NOT NULL, merged_into_id TEXT,
  follow_up_of TEXT, last_seq INTEGER NOT NULL, need INTEGER NOT NULL, seen INTEGER NOT NULL, confirmed TEXT);
CREATE INDEX ticket_need ON ticket (need);
CREATE INDEX ticket_updated ON ticket (updated_at, status);
CREATE INDEX ticket_created ON ticket (created_at);
CREATE INDEX ticket_number ON ticket (number);
CREATE INDEX ticket_requester ON ticket (requester_id, created_at);
CREATE INDEX ticket_category ON ticket (category_id, updated_at, status);
CREATE INDEX ticket_turn ON ticket (awaiting, category_id, need, awaiting_since) WHERE status <> 'closed';
CREATE INDEX ticket_assignee ON ticket (assignee_id, need) WHERE status <> 'closed';
CREATE INDEX ticket_merged ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE TABLE ticket_tag (tag TEXT NOT NULL, ticket_id TEXT NOT NULL, PRIMARY KEY (tag, ticket_id)) WITHOUT ROWID;
CREATE INDEX ticket_tag_ticket ON ticket_tag (ticket_id);
CREATE TABLE alias (local_id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE message (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER NOT NULL, ticket_id TEXT NOT NULL,
  seq INTEGER NOT NULL, kind TEXT NOT NULL, author_id TEXT, body_text TEXT NOT NULL, composed_at INTEGER NOT NULL,
  posted_at INTEGER NOT NULL, attachments TEXT, client_key TEXT, state INTEGER NOT NULL, seen INTEGER NOT NULL);
CREATE INDEX message_thread ON message (ticket_id, seq);
CREATE INDEX message_local ON message (client_key) WHERE state <> 0;
CREATE TABLE unindexed (key INTEGER PRIMARY KEY);
CREATE TABLE read_mark (
  ticket_id TEXT PRIMARY KEY, id TEXT, account INTEGER NOT NULL, last_seq INTEGER NOT NULL, seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX read_mark_id ON read_mark (id);
CREATE TABLE quick_note (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL, ticket_id TEXT,
  client_key TEXT, state INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE spot_check (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, by_agent_id TEXT, at INTEGER NOT NULL, as_of INTEGER NOT NULL,
  awaiting INTEGER NOT NULL, new INTEGER NOT NULL, too_long INTEGER NOT NULL, oldest_ticket_id TEXT, client_key TEXT,
  seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX spot_check_at ON spot_check (at);
CREATE TABLE arrival (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, ticket_id TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE new_ticket (ticket_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE rung (arrival_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (
  key INTEGER PRIMARY KEY AUTOINCREMENT, client_key TEXT NOT NULL UNIQUE, ticket_id TEXT, kind TEXT NOT NULL,
  action TEXT NOT NULL, at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL,
  sent_id TEXT);
CREATE INDEX outbox_ticket ON outbox (ticket_id);
CREATE TABLE undelivered (
  client_key TEXT PRIMARY KEY, ticket_id TEXT, kind TEXT NOT NULL, text TEXT NOT NULL, action TEXT NOT NULL,
  reason TEXT NOT NULL, sentence TEXT NOT NULL, at INTEGER NOT NULL, base_seq INTEGER NOT NULL, discarded_at INTEGER
) WITHOUT ROWID;
CREATE INDEX undelivered_ticket ON undelivered (ticket_id);
CREATE TABLE draft (
  ticket_id TEXT NOT NULL, mode TEXT NOT NULL, text TEXT NOT NULL, attachments TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (ticket_id, mode)) WITHOUT ROWID;
CREATE VIEW message_doc AS
  SELECT m.key AS key, t.subject || ' ' || coalesce(t.number, '') || ' ' || replace(t.tags, char(10), ' ') AS about,
         coalesce(r.name || ' ' || coalesce(r.email, ''), '') AS requester,
         CASE WHEN m.kind = 'event' THEN '' ELSE m.body_text END AS body
  FROM message m JOIN ticket t ON t.id = m.ticket_id
  LEFT JOIN requester r ON r.id = t.requester_id AND r.account = t.account;
"""
