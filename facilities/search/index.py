"""The application's full-text index: one per process, brought up to date from the outbox.

A change saves a job in its own transaction (`mark`) and after the commit brings the index up to date (`follow`). What
that cannot do in time, the next change or the worker does: the jobs wait in the database, so nothing is lost.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from facilities.db import db, now
from facilities.outbox import actions as outbox
from facilities.outbox.models import Job, JobKind, JobStatus
from facilities.search.documents import document
from facilities.search.queries import listing_and_descendants, published_count, published_in_batches
from facilities.search.understanding import look_again, technique_labels
from search_index import Differences, Document, Index, IndexBusy, WhooshIndex

log = logging.getLogger(__name__)

LONGEST_WAIT = 2.0
BATCH = 2000
WAITING = (Job.kind == JobKind.INDEX_LISTING, Job.status == JobStatus.WAITING)


def init_app(app: Flask) -> None:
    app.extensions["search_index"] = _opened(app.config)


def _opened(config: Mapping[str, Any]) -> Index:
    """The index on the engine that the settings name."""
    if config["SEARCH_ENGINE"] == "postgresql":
        from search_index.postgresql import PostgreSQLIndex

        return PostgreSQLIndex(_libpq_address(config["DATABASE_URL"]), warm=True, words=technique_labels)
    return WhooshIndex(Path(config["INSTANCE_PATH"]) / "index", warm=True, words=technique_labels)


def _libpq_address(url: str) -> str:
    """The address of the database without SQLAlchemy's name for the driver."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def index() -> Index:
    """The index of the current application."""
    found: Index = current_app.extensions["search_index"]
    return found


def mark(listing_ids: Iterable[int]) -> None:
    """Have the index follow a change of these listings and of all below them. Joins the transaction of the change."""
    outbox.add(JobKind.INDEX_LISTING, sorted(listing_and_descendants(listing_ids)))


def follow() -> None:
    """Bring the index up to date after a commit. Never raises: the change is saved, the worker will do what is left."""
    look_again()
    try:
        catch_up()
    except IndexBusy:
        log.info("index busy: left to the worker")
    except Exception:
        log.exception("index not brought up to date: left to the worker")


def catch_up(timeout: float = LONGEST_WAIT) -> int:
    """Index every waiting job under the index's lock; gives their number. Raises IndexBusy after `timeout` seconds."""
    if not index().exists():
        return 0
    done = 0
    with index().writing(timeout), db.sessionmaker() as session:
        while jobs := _waiting(session):
            index().apply(*_changes(session, {job.subject_id for job in jobs}))
            _finish(session, [job.id for job in jobs])
            done += len(jobs)
    return done


def rebuild(progress: Callable[[Iterable[Document]], Iterable[Document]] = iter) -> int:
    """Build the index anew beside the live one and swap; gives the number of documents."""
    started = now()
    with db.sessionmaker() as session:
        seen = _waiting_ids(session)
        index().rebuild(
            progress(all_documents()),
            catch_up=lambda: _changes(session, _changed_since(session, started, seen)),
        )
        _finish(session, sorted(seen))
    catch_up(timeout=30)
    return index().count()


def check() -> Differences:
    """What the index lacks, has in an old version, or holds without the database knowing."""
    return index().check((entry.id, entry.version) for entry in all_documents())


def is_whole() -> bool:
    """Whether the index exists and holds as many listings as are published. Cheap; `check` compares each."""
    return index().exists() and index().count() == published_count()


def all_documents() -> Iterator[Document]:
    with db.sessionmaker() as session:
        yield from map(document, published_in_batches(session))


def _changes(session: Session, ids: set[int]) -> tuple[list[Document], set[int]]:
    """What to write and what to remove so that the index says of these listings what the database says."""
    upserts = [document(listing) for listing in published_in_batches(session, ids)]
    return upserts, ids - {entry.id for entry in upserts}


def _waiting(session: Session) -> list[Job]:
    query = sa.select(Job).where(*WAITING).order_by(Job.id).limit(BATCH)
    jobs = list(session.scalars(query))
    session.rollback()
    return jobs


def _waiting_ids(session: Session) -> set[int]:
    """All waiting jobs of this moment: whatever reads the database from now on sees the changes behind them."""
    ids = set(session.scalars(sa.select(Job.id).where(*WAITING)))
    session.rollback()
    return ids


def _changed_since(session: Session, moment: datetime, seen: set[int]) -> set[int]:
    """Listings whose change a rebuild begun at `moment` may have missed: their job was done since, or it waits and was
    not among those `seen` then. A job shows only once its change is committed, so its time of creation tells nothing.
    """
    session.rollback()
    recent = sa.or_(Job.status == JobStatus.WAITING, Job.done_at >= moment)
    jobs = session.execute(sa.select(Job.id, Job.subject_id).where(Job.kind == JobKind.INDEX_LISTING, recent))
    return {subject_id for id_, subject_id in jobs if id_ not in seen}


def _finish(session: Session, job_ids: list[int]) -> None:
    session.rollback()
    session.connection(execution_options={"writes": True})
    for start in range(0, len(job_ids), 500):
        some = Job.id.in_(job_ids[start : start + 500])
        session.execute(sa.update(Job).where(some).values(status=JobStatus.DONE, done_at=now()))
    session.commit()
