"""What must be true after a trial, counted in the database and in the mail server's memory."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from facilities import mail
from facilities.db import db
from facilities.enquiries.models import Delivery, Enquiry, Thread
from facilities.outbox.addressed import LETTERS
from facilities.outbox.errands import errand
from facilities.outbox.models import Job, JobKind, JobStatus, StoredLetter
from tests.faults.server import Arrival, FaultyServer
from tests.faults.site import FragileSite
from tests.faults.visitors import Crowd

SOON = 3.0
"""Seconds within which the mail server notices that a killed worker's connection is gone."""


@dataclass(frozen=True)
class Finding:
    """A number of the trial. `wanted` is what it must be; None for one that is only told."""

    what: str
    number: int
    wanted: int | None = None

    @property
    def holds(self) -> bool:
        return self.wanted is None or self.number == self.wanted


@dataclass(frozen=True)
class Fate:
    """What the outbox says became of a letter."""

    mail_id: str
    to: str
    status: JobStatus
    error: str


def check(app: Flask, crowd: Crowd, server: FaultyServer, site: FragileSite) -> list[Finding]:
    """Everything that is counted, in the order of the table."""
    with app.app_context():
        fates = _fates()
        return [
            *_events(server, site, crowd),
            *_enquiries(crowd),
            *_letters(fates, server),
            *_refused(fates, server),
            *_twice(server, [kill for worker in site.workers for kill in worker.kills]),
        ]


def _events(server: FaultyServer, site: FragileSite, crowd: Crowd) -> list[Finding]:
    told = [Finding(f"mail server: {what}", number) for what, number in sorted(server.done.items())]
    kills = [Finding(f"{process.name} killed with -9", len(process.kills)) for process in site.processes]
    again = sum(each.tries > 1 for each in crowd.sent)
    return [*told, *kills, Finding("forms sent more than once, because no answer came", again)]


def _enquiries(crowd: Crowd) -> list[Finding]:
    stored = db.session.scalars(sa.select(Enquiry)).all()
    tokens, forms = Counter(each.token for each in stored), Counter(each.requester_organisation for each in stored)
    answered = [each for each in crowd.sent if each.token]
    once = sum(tokens[each.token] == 1 and forms[f"Trial {each.number}"] == 1 for each in answered)
    whole = sum(len(each.threads) == 3 and bool(each.question) for each in stored)
    return [
        Finding("enquiries answered with a page", len(answered), len(crowd.sent)),
        Finding("of these, stored exactly once", once, len(answered)),
        Finding("enquiries stored whole, with three threads", whole, len(answered)),
        Finding("enquiries that nobody was told of", len(stored) - len(answered), 0),
    ]


def _letters(fates: Collection[Fate], server: FaultyServer) -> list[Finding]:
    by_status = Counter(fate.status for fate in fates)
    taken = {arrival.mail_id for arrival in server.arrivals if arrival.answer == "taken"}
    said_sent = {fate.mail_id for fate in fates if fate.status == JobStatus.DONE}
    unknown = {arrival.mail_id for arrival in server.arrivals} - {fate.mail_id for fate in fates}
    without = sa.select(sa.func.count(Thread.id)).where(~Thread.recipients.any(delivery=Delivery.SENT))
    return [
        Finding("letters", len(fates)),
        Finding("letters delivered", by_status[JobStatus.DONE]),
        Finding("letters refused for good", by_status[JobStatus.DEAD]),
        Finding("letters still waiting", by_status[JobStatus.WAITING], 0),
        Finding("letters said to be delivered that the server never took", len(said_sent - taken), 0),
        Finding("letters the server has that the outbox does not know", len(unknown), 0),
        Finding("threads that reached nobody", db.session.scalar(without) or 0, 0),
    ]


def _refused(fates: Collection[Fate], server: FaultyServer) -> list[Finding]:
    dead = [fate for fate in fates if fate.status == JobStatus.DEAD]
    in_its_words = sum(fate.error in server.refusals.get(fate.to, ()) for fate in dead)
    dead_kinds = Counter(job.kind for job in db.session.scalars(sa.select(Job).where(Job.status == JobStatus.DEAD)))
    threads = db.session.scalars(sa.select(Thread)).all()
    failed = [thread for thread in threads if any(each.delivery == Delivery.FAILED for each in thread.recipients)]
    others = sum(any(each.delivery == Delivery.SENT for each in thread.recipients) for thread in failed)
    return [
        Finding("refused letters with the server's own words", in_its_words, len(dead)),
        Finding("refused receipts", dead_kinds[JobKind.RECEIPT_LETTER]),
        Finding("threads with a refused letter that went to the next in charge", others, len(failed)),
    ]


def _twice(server: FaultyServer, kills: Collection[float]) -> list[Finding]:
    """Letters that arrived more than once, by the reason why the one before did not count."""
    by_id: dict[str, list[Arrival]] = defaultdict(list)
    ids_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for arrival in server.arrivals:
        by_id[arrival.mail_id].append(arrival)
        ids_of[arrival.to, _contents(arrival)].add(arrival.mail_id)
    early = [arrival for arrivals in by_id.values() for arrival in arrivals[:-1]]
    why = Counter(_why_again(arrival, kills) for arrival in early)
    return [
        Finding("letters that arrived more than once", sum(len(arrivals) > 1 for arrivals in by_id.values())),
        Finding("copies too many: server hung up or hung before its 250", why["no answer"]),
        Finding("copies too many: worker killed between 250 and commit", why["killed"]),
        Finding("copies too many without such a reason", why["none"], 0),
        Finding("letters with the same words to the same mailbox, but two Message-IDs",
                sum(len(ids) > 1 for ids in ids_of.values()), 0),
    ]  # fmt: skip


def _contents(arrival: Arrival) -> str:
    part = arrival.letter.get_body(("plain",))
    return f"{arrival.letter['Subject']} {part.get_content() if part else ''}"


def _why_again(arrival: Arrival, kills: Collection[float]) -> str:
    """Why a letter that had arrived was sent once more: nobody was told that it had, or who was told was killed."""
    if arrival.answer != "taken":
        return "no answer"
    lost = arrival.call.lost_at
    cut = arrival.was_last and not arrival.call.quit and lost is not None
    return "killed" if cut and any(0 <= (lost or 0) - kill < SOON for kill in kills) else "none"


def _fates() -> list[Fate]:
    jobs = db.session.scalars(sa.select(Job).where(Job.kind.in_(LETTERS)).order_by(Job.id)).all()
    return [_fate(job) for job in jobs]


def _fate(job: Job) -> Fate:
    stored = db.session.get(StoredLetter, job.subject_id) if job.kind == JobKind.LETTER else None
    if stored is not None and stored.sent_at:
        return Fate(stored.mail_id, stored.to, job.status, job.error)
    letter = errand(job)
    assert letter is not None
    written = letter.write()
    return Fate(mail.message_id(written.name, written.seed), written.to, job.status, job.error)
