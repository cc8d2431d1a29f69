"""One trial: a catalogue, a crowd, everything failing, then quiet until the outbox is empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic, sleep

import sqlalchemy as sa
from flask import Flask

from facilities import create_app
from facilities.catalogue.models import Contact, Facility, Instrument, Organisation
from facilities.db import db, now, writing
from facilities.outbox.models import Job, JobKind, JobStatus
from tests.conftest import make_tables
from tests.faults.checks import Finding, check
from tests.faults.server import Faults, FaultyServer
from tests.faults.site import FragileSite
from tests.faults.visitors import Crowd
from tests.post_office import free_port

LISTINGS, FACILITIES, GONE = 60, 10, 6
"""Instruments with a contact each, the facilities they belong to, and how many of the contacts have no mailbox."""

DRAINED_WITHIN = 400.0
"""Seconds within which the outbox has to be empty once nothing fails any more."""


@dataclass(frozen=True)
class Trial:
    """What is tried: how many enquiries to three listings each, by how many visitors at once, which faults."""

    seed: int
    enquiries: int = 300
    at_once: int = 6
    faults: Faults = field(default_factory=Faults)
    web_kills: int = 8
    """How often the web server is killed right after it has answered somebody, others being in the middle."""
    settling: float = 20.0
    """Seconds for which things go on failing after the last enquiry was answered."""

    def run(self, folder: Path, database: str = "") -> list[Finding]:
        """Everything, in `folder`, on SQLite or the empty database of this address."""
        random = Random(self.seed)
        port, settings = free_port(), {"DATABASE_URL": database, "CHECK_MAIL_DOMAINS": "0", "CHECK_LINKS": "0"}
        app = create_app({"INSTANCE_PATH": folder, "SITE_URL": f"http://127.0.0.1:{port}"} | settings)
        listings, gone = _catalogue(app, random)
        with FaultyServer(free_port(), random, self.faults, gone) as server:
            settings |= {"SMTP_URL": server.url, "TRUSTED_PROXIES": "1"}
            site = FragileSite(folder, port, random, **settings)
            server.after_letter = lambda: Thread(target=site.kill_a_worker).start()
            crowd = Crowd(site.url, app.config["SECRET_KEY"], listings, random)
            fatal = random.sample(range(1, self.enquiries), self.web_kills)
            crowd.after_answer = lambda answered: site.web.kill() if answered in fatal else None
            try:
                site.start()
                crowd.arrive()
                with _failing(server, site, random):
                    crowd.send(self.enquiries, at_once=self.at_once)
                    sleep(self.settling)
                _drain(app, server, site)
            finally:
                site.stop()
        return check(app, crowd, server, site)


@contextmanager
def _failing(server: FaultyServer, site: FragileSite, random: Random) -> Iterator[None]:
    """The mail server refuses connections now and then, and processes are killed, until the block ends."""
    calm = Event()

    def refuse_now_and_then() -> None:
        while not calm.wait(random.uniform(4, 9)):
            server.refuse()
            calm.wait(random.uniform(0.5, 2.5))
            server.listen()

    refusing = Thread(target=refuse_now_and_then)
    refusing.start()
    site.make_fragile()
    try:
        yield
    finally:
        calm.set()
        refusing.join()
        for worker in site.workers:
            worker.kill()
        site.calm()


def _drain(app: Flask, server: FaultyServer, site: FragileSite) -> None:
    """Nothing fails any more, and the time that letters wait for has come, those too that a killed worker held."""
    for worker in site.workers:
        worker.kill()
    server.faults = None
    with app.app_context():
        writing()
        db.session.execute(sa.update(Job).where(Job.status == JobStatus.WAITING).values(due_at=now()))
        db.session.commit()
    site.start()
    until = monotonic() + DRAINED_WITHIN
    while _waiting(app) and monotonic() < until:
        sleep(0.5)


def _waiting(app: Flask) -> int:
    letters = sa.and_(Job.status == JobStatus.WAITING, Job.kind != JobKind.INDEX_LISTING)
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Job.id)).where(letters)) or 0


def _catalogue(app: Flask, random: Random) -> tuple[list[int], frozenset[str]]:
    """Ids of instruments to ask about, and the mailboxes of contacts that have left."""
    with app.app_context():
        make_tables(db.engine)
        university = Organisation(name="Trial University", contacts=[_contact("Office", "office@university.example")])
        homes = [
            Facility(name=f"Facility {each}", parent=university, organisation=university) for each in range(FACILITIES)
        ]
        for each, home in enumerate(homes):
            home.contacts = [_contact("Manager", f"manager@lab{each}.example")]
        instruments = [
            Instrument(name=f"Microscope {each}", parent=home, organisation=university)
            for each, home in enumerate(homes * (LISTINGS // FACILITIES))
        ]
        for each, instrument in enumerate(instruments):
            instrument.contacts = [_contact("Operator", f"operator{each}@lab{each % FACILITIES}.example")]
        db.session.add_all([university, *homes, *instruments])
        db.session.commit()
        gone = frozenset(random.sample([each.contacts[0].email for each in instruments], GONE))
        return [each.id for each in instruments], gone


def _contact(role: str, mailbox: str) -> Contact:
    return Contact(role=role, email=mailbox)
