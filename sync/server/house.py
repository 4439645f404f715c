"""Everything that the server is made of, put together once: the composition root behind app and commands."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import peewee
from argon2 import PasswordHasher

from sync.domain.clock import Clock, SystemClock
from sync.domain.ids import IdFactory, RandomBits
from sync.domain.protocol import PRESENCE
from sync.server.access import Openings
from sync.server.accounts import Accounts, Kind
from sync.server.alert_book import AlertBook
from sync.server.alert_watch import AlertWatch
from sync.server.asking.caps import Caps
from sync.server.asking.hints import Hints
from sync.server.audit import Audit
from sync.server.blobs import Blobs
from sync.server.database import Database, unusable
from sync.server.expecting.closings import Closings
from sync.server.expecting.expecting import Expecting
from sync.server.faq.faq import Faq
from sync.server.files import Files
from sync.server.grants import Grants
from sync.server.hub import Hub
from sync.server.identity import Identity
from sync.server.incidents.faults import Faults
from sync.server.intake import Intake
from sync.server.journal import Journal
from sync.server.likeness.likeness import Likeness
from sync.server.link_tokens import found_link_key
from sync.server.mail.addresses import Addresses
from sync.server.mail.gathering import Gathering
from sync.server.mail.incoming import MailIn
from sync.server.mail.listening import Listening
from sync.server.mail.mail_out import Books, MailOut
from sync.server.mail.mailboxes import Mailboxes
from sync.server.mail.secrets import Secrets
from sync.server.mail.sending import Sending
from sync.server.migrations import migrate
from sync.server.parts import Parts
from sync.server.people import People
from sync.server.presence import Board
from sync.server.receipts import Receipts
from sync.server.settings import Settings
from sync.server.sign_in import SignIns
from sync.server.surge import Surges
from sync.server.telegraph import Telegraph, telegraph_of
from sync.server.ticketing import Ticketing
from sync.server.upkeep import Upkeep
from sync.server.webhooks.hooks import Hooks


@dataclass(frozen=True)
class House:
    """The server without its HTTP. `close` it at the end."""

    parts: Parts
    hub: Hub
    presence: Board
    openings: Openings
    ticketing: Ticketing
    intake: Intake
    files: Files
    blobs: Blobs
    grants: Grants
    people: People
    sign_ins: SignIns
    upkeep: Upkeep
    alert_book: AlertBook
    alert_watch: AlertWatch
    caps: Caps
    hints: Hints
    telegraph: Telegraph
    faq: Faq
    likeness: Likeness
    closings: Closings
    expecting: Expecting
    secrets: Secrets
    mail_out: MailOut
    mail_in: MailIn
    mailboxes: Mailboxes
    gathering: Gathering
    listening: Listening
    sending: Sending
    hooks: Hooks
    faults: Faults

    @staticmethod
    def open(
        address: str | Path,
        clock: Clock | None = None,
        randomness: RandomBits | None = None,
        hasher: PasswordHasher | None = None,
        secrets: Secrets | None = None,
    ) -> House:
        """Open a database, make or migrate its schema, and found the server in it if it is new.

        Raises Incompatible, Offline (the database does not answer), Corrupt.
        """
        clock = clock or SystemClock()
        randomness = randomness or SystemRandom()
        hasher = hasher or PasswordHasher()
        database = Database.open(address)
        try:
            return _moved_in(database, clock, randomness, hasher, secrets or Secrets.of(address, os.environ))
        except peewee.DatabaseError as error:
            database.base.close_all()
            raise unusable(error) from error
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Tell other processes what they were not told yet, then close the database."""
        self.telegraph.close()
        self.parts.database.close()


def _moved_in(
    database: Database, clock: Clock, randomness: RandomBits, hasher: PasswordHasher, secrets: Secrets
) -> House:
    ids = IdFactory(clock, randomness)
    migrate(database)
    identity = Identity(database)
    accounts = Accounts(database, identity)
    hub = Hub(database, accounts)
    journal = Journal(database, clock, hub.publish)
    parts = Parts(
        database=database,
        identity=identity,
        accounts=accounts,
        journal=journal,
        receipts=Receipts(database, journal, clock),
        settings=Settings(database),
        audit=Audit(database, clock),
        clock=clock,
        ids=ids,
        randomness=randomness,
    )
    journal.write(lambda: _found(parts))
    return _furnished(parts, hub, hasher, secrets)


def _found(parts: Parts) -> None:
    if parts.identity.found(parts.ids):
        parts.accounts.create(Kind.TEAM, parts.ids)
        parts.accounts.create(Kind.OVERSIGHT, parts.ids)
    found_link_key(parts)
    Addresses(parts).found()


def _told(parts: Parts, hub: Hub, openings: Openings) -> tuple[Telegraph, Board]:
    """What processes tell one another, and who is there."""
    telegraph = telegraph_of(parts.database)
    presence = Board(parts.clock, hub.announce)
    hub.open(openings, telegraph, presence.keep)
    presence.on_publish = lambda payload: telegraph.send(PRESENCE, payload.decode())
    telegraph.subscribe(PRESENCE, lambda payload: presence.take_in(str(payload).encode()))
    return telegraph, presence


@dataclass(frozen=True)
class _PostRoom:
    """Where words come in and go out, and what that needs."""

    ticketing: Ticketing
    closings: Closings
    expecting: Expecting
    books: Books
    mail_out: MailOut
    files: Files
    blobs: Blobs
    intake: Intake
    mail_in: MailIn
    mailboxes: Mailboxes
    faults: Faults


def _post_room(parts: Parts, secrets: Secrets) -> _PostRoom:
    ticketing, closings, files = Ticketing(parts), Closings(parts), Files(parts.database)
    surges = Surges(parts)
    expecting, books, blobs = (
        Expecting(parts, closings, surges.notice),
        Books.of(parts, ticketing, secrets),
        Blobs(parts, files),
    )
    mail_out = MailOut(parts, books, expecting.for_letter)
    intake = Intake(parts, ticketing, mail_out)
    mail_in = MailIn(parts, intake, ticketing, blobs, mail_out)
    mailboxes = Mailboxes(parts, secrets)
    faults = Faults.of(parts, ticketing, intake, mail_out, surges, lambda: expecting.hours().zone)
    return _PostRoom(ticketing, closings, expecting, books, mail_out, files, blobs, intake, mail_in, mailboxes, faults)


def _furnished(parts: Parts, hub: Hub, hasher: PasswordHasher, secrets: Secrets) -> House:
    openings = Openings(parts)
    telegraph, presence = _told(parts, hub, openings)
    post = _post_room(parts, secrets)
    ticketing = post.ticketing
    grants = Grants(parts, ticketing)
    faq = Faq(parts)
    faq.mend()
    return House(
        parts=parts,
        hub=hub,
        presence=presence,
        openings=openings,
        ticketing=ticketing,
        intake=post.intake,
        files=post.files,
        blobs=post.blobs,
        grants=grants,
        people=People(parts, grants, hasher),
        sign_ins=SignIns(parts, hasher),
        upkeep=Upkeep(parts, post.blobs),
        alert_book=AlertBook(parts, hub.connected),
        alert_watch=AlertWatch(parts),
        caps=Caps(parts),
        hints=Hints(parts),
        telegraph=telegraph,
        faq=faq,
        likeness=Likeness(parts),
        closings=post.closings,
        expecting=post.expecting,
        secrets=secrets,
        mail_out=post.mail_out,
        mail_in=post.mail_in,
        mailboxes=post.mailboxes,
        gathering=Gathering(parts, post.mailboxes, post.mail_in),
        listening=Listening(parts, post.mail_in),
        hooks=Hooks(parts, post.intake, post.mail_out, secrets),
        sending=Sending(parts, post.books, post.mail_out, post.blobs, secrets),
        faults=post.faults,
    )
