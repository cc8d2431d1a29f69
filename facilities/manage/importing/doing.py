"""What the worker does for an import: the check, the saving, the undoing.

Each starts from the state in the database and ends by writing the next one, in the commit of what it did. Doing it
twice does no harm, and after a crash nothing is saved and it is done again. A file lock keeps a second worker away
while the first is at it, however long it takes.
"""

import logging
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload, undefer

from facilities.catalogue.models import Actor, Listing, SourceRecord
from facilities.db import db, now, refresh_statistics, writing
from facilities.exchange.problems import Unreadable
from facilities.manage.importing.checking import Digest, check
from facilities.manage.importing.findings import Reporter, folder_of, forget_progress
from facilities.manage.importing.orders import CannotImport, order_of
from facilities.manage.importing.planned import Result
from facilities.manage.importing.planning import Planner
from facilities.manage.importing.rows import planned_rows
from facilities.manage.importing.runs import kept_of, read_file
from facilities.manage.importing.saving import Saver
from facilities.manage.importing.undoing import touched, undo
from facilities.manage.models import ImportRun, ImportState
from facilities.outbox import actions as outbox
from facilities.outbox.models import Job
from facilities.search import index as indexing

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
SOON = timedelta(seconds=10)
MANY = 3000
"""Changed listings from which building the index anew is quicker than following each."""


def take_up(job_id: int) -> bool:
    """Do an import's job, unless another worker has it; whether it was done."""
    writing()
    job = db.session.get_one(Job, job_id)
    if not outbox.claim(job):
        db.session.rollback()
        return False
    job.attempts += 1
    run_id, attempts = job.subject_id, job.attempts
    db.session.commit()
    try:
        with FileLock(folder_of(run_id) / "lock", timeout=0):
            _attempt(run_id, attempts)
    except Timeout:
        return False
    except Exception:  # raised again: only the job is not to wait for the end of its lease
        _again_soon(job_id)
        raise
    writing()
    outbox.finish([db.session.get_one(Job, job_id)])
    db.session.commit()
    return True


def _attempt(run_id: int, attempts: int) -> None:
    """Do it. What its owner can put right ends the import with words; so does what fails again and again."""
    try:
        if attempts > MOST_ATTEMPTS:
            raise CannotImport(_("Something broke on our side. It has been written down."))
        do(run_id)
    except (CannotImport, Unreadable) as reason:
        db.session.rollback()
        _fail(run_id, str(reason))


def _again_soon(job_id: int) -> None:
    """Have a job that failed tried again before its lease has run out."""
    db.session.rollback()
    writing()
    db.session.get_one(Job, job_id).due_at = now() + SOON
    db.session.commit()


def do(run_id: int) -> None:
    """Take an import from the state it is in to the next; nothing if it waits for its owner."""
    run = db.session.get(ImportRun, run_id, options=[undefer(ImportRun.report)])
    if run is None:
        return
    locale = run.author.locale if run.author else current_app.config["DEFAULT_LOCALE"]
    state = run.state
    db.session.rollback()
    with force_locale(locale):
        if state == ImportState.CHECKING:
            _check(run_id)
        elif state == ImportState.SAVING:
            _save(run_id)
        elif state == ImportState.UNDOING:
            _undo(run_id)
    forget_progress(run_id)


def _run(run_id: int) -> ImportRun:
    return db.session.get_one(ImportRun, run_id, options=[undefer(ImportRun.report)], populate_existing=True)


def _check(run_id: int, *, again: bool = False) -> None:
    """Find out what the import would do; `again` if what was accepted no longer holds."""
    run = _run(run_id)
    order, table = order_of(run), read_file(run)
    report = check(order, table)
    writing()
    run = _run(run_id)
    if run.state not in (ImportState.CHECKING, ImportState.SAVING):
        db.session.rollback()
        return
    run.state, run.report = ImportState.CHECKED, kept_of(run) | report | {"changed": again}
    _count(run, report["counts"])
    run.gone = report["found"].get("gone", 0)
    db.session.commit()


def _count(run: ImportRun, counts: dict[str, int]) -> None:
    run.created, run.updated = counts[Result.CREATED], counts[Result.UPDATED]
    run.unchanged, run.rejected = counts[Result.UNCHANGED], counts[Result.REJECTED]


def _save(run_id: int) -> None:
    """Save all of it in one transaction, if it is still what its owner has seen; otherwise show it anew."""
    writing()
    run = _run(run_id)
    if run.rejected and not run.skip_errors:
        raise CannotImport(_("Some rows have errors: correct them, or choose to import the others."))
    order, table = order_of(run), read_file(run)
    planner, saver, digest = Planner(order, locks=True), Saver(order, now()), Digest()
    reporter = Reporter(run_id, table.rows_total)
    for rows in planned_rows(planner, table):
        for row in rows:
            digest.add(row)
        saver.save(rows)
        _let_go(rows)
        reporter.note(len(rows))
    if str(digest) != run.report["digest"]:
        db.session.rollback()
        _check(run_id, again=True)
        return
    if order.withdraw_gone and order.publishes:
        saver.withdraw(_gone(planner, run))
    run.state, run.saved_at = ImportState.DONE, saver.at
    indexing.mark(saver.changed)
    db.session.commit()
    _follow(len(saver.changed))


def _let_go(rows: list[Any]) -> None:
    """Forget the listings of a batch, so that memory stays flat."""
    for row in rows:
        if row.listing is not None and row.listing in db.session:
            db.session.expunge(row.listing)


def _gone(planner: Planner, run: ImportRun) -> list[Listing]:
    """The listings that are gone from the file, if they are as many as were shown."""
    ids = [listing_id for listing_id, _name in planner.gone()]
    if len(ids) != run.gone:
        return []
    sources = selectinload(Listing.source_records).options(undefer(SourceRecord.record))
    return list(db.session.scalars(sa.select(Listing).where(Listing.id.in_(ids)).options(sources)))


def _undo(run_id: int) -> None:
    writing()
    run = _run(run_id)
    name, user_id = run.report.get("undone_by", [run.made_by, run.made_by_id])
    reporter = Reporter(run_id, touched(run))
    undone = undo(run, by=Actor(name, user_id), reporter=reporter)
    run = _run(run_id)
    kept = [[listing_id, name] for listing_id, name in sorted(undone.kept.items())][:1000]
    more = {"restored": len(undone.restored), "taken_back": undone.taken_back, "kept": kept}
    run.report = run.report | more | {"kept_total": len(undone.kept)}
    run.state, run.undone_at = ImportState.UNDONE, now()
    indexing.mark(undone.restored)
    db.session.commit()
    _follow(len(undone.restored))


def _follow(changed: int) -> None:
    """Bring the index up to date; whatever fails is left to the jobs that were saved."""
    if changed <= MANY:
        indexing.follow()
        return
    try:
        refresh_statistics()
        indexing.rebuild()
    except Exception:
        log.exception("index not built anew: left to its jobs")
        indexing.follow()


def _fail(run_id: int, reason: str) -> None:
    """End an import with words. An undoing that cannot be done leaves it saved."""
    writing()
    run = _run(run_id)
    run.state = ImportState.DONE if run.state == ImportState.UNDOING else ImportState.FAILED
    run.report = run.report | {"failed": reason}
    db.session.commit()
