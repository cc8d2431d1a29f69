"""The worker beside the web processes: sends the letters that wait and keeps the index up to date."""

import logging
from collections.abc import Callable
from threading import Event

from flask import Flask

from facilities import mail
from facilities.accounts.kept import forget_old_forms
from facilities.accounts.sessions import forget_old_sign_ins
from facilities.db import db, now, writing
from facilities.enquiries.models import Delivery
from facilities.manage.confirmation import ask_for_confirmation
from facilities.manage.importing.doing import take_up
from facilities.manage.importing.forgetting import forget_old_imports
from facilities.manage.life import withdraw_due
from facilities.manage.links import check_links
from facilities.manage.uploads import sweep_uploads
from facilities.moderation.duplicates import keep_pairs_current
from facilities.outbox import actions as outbox
from facilities.outbox import upkeep
from facilities.outbox.errands import ERRANDS, Errand, errand
from facilities.outbox.models import Job, JobKind, JobStatus
from facilities.outbox.queries import waiting
from facilities.search.index import follow
from facilities.search.log.writing import forget_old_searches
from facilities.search.saved.actions import forget_unconfirmed
from facilities.search.saved.telling import send_new_results

log = logging.getLogger(__name__)

IDLE = 1.0
"""Seconds between two looks at an empty outbox."""

TROUBLE = 5.0
"""Seconds to wait when a round could not be done at all, for instance because the database is away."""


LOOK_AFTER: tuple[Callable[[], object], ...] = (
    upkeep.keep_index_whole,
    upkeep.forget_done_jobs,
    withdraw_due,
    keep_pairs_current,
    ask_for_confirmation,
    sweep_uploads,
    check_links,
    forget_old_forms,
    forget_old_sign_ins,
    forget_old_imports,
    send_new_results,
    forget_unconfirmed,
    forget_old_searches,
)
"""What is done once in `upkeep.EVERY`."""


def work(app: Flask, stop: Event) -> None:
    """Work until `stop` is set. What fails is logged here, once, and tried again."""
    look_after = now()
    while not stop.is_set():
        try:
            if now() >= look_after:
                look_after = now() + upkeep.EVERY
                _look_after(app)
            done = work_once(app, stop)
        except Exception:
            log.exception("round not finished, next one in %s s", TROUBLE)
            stop.wait(TROUBLE)
        else:
            stop.wait(0 if done else IDLE)


def _look_after(app: Flask) -> None:
    """One act after the other, each in a context of its own: one that fails does not keep the others from theirs."""
    for act in LOOK_AFTER:
        try:
            with app.app_context():
                act()
        except Exception:
            log.exception("%s not finished, next time in %s", act.__name__, upkeep.EVERY)


def work_once(app: Flask, stop: Event | None = None) -> int:
    """Bring the index up to date, try every letter that is due, then take one import a step on; gives how many were
    tried."""
    with app.app_context():
        follow()
        due = sorted(job.id for kind in ERRANDS for job in waiting(kind, due=now()))
        imports = [job.id for job in waiting(JobKind.IMPORT, due=now())]
    done = 0
    for job_id in due:
        if stop is not None and stop.is_set():
            break
        with app.app_context():
            done += _deliver(job_id)
            follow()
    for job_id in imports[:1]:
        with app.app_context():
            done += take_up(job_id)
    return done


def _deliver(job_id: int) -> bool:
    """Try one letter, unless another worker has it: claimed in one transaction, its fate written in a second. No
    transaction is open while the mail server is talked to."""
    writing()
    job = db.session.get_one(Job, job_id)
    if not outbox.claim(job):
        db.session.rollback()
        return False
    db.session.commit()
    letter = errand(job)
    if letter is None:
        outbox.bury(job, "what it is about has been removed")
    else:
        _try(job, letter)
    db.session.commit()
    return True


def _try(job: Job, letter: Errand) -> None:
    delivery, words = _outcome(job, letter)
    db.session.rollback()
    writing()
    if delivery == Delivery.SENT:
        outbox.finish([job])
    elif delivery == Delivery.FAILED:
        outbox.bury(job, words)
    else:
        outbox.put_off(job, words)
        delivery = Delivery.FAILED if job.status == JobStatus.DEAD else delivery
    letter.note(delivery, words)


def _outcome(job: Job, letter: Errand) -> tuple[Delivery, str]:
    """How it went and why, after one attempt to send."""
    try:
        message = mail.compose(letter.write())
        db.session.rollback()
        mail.send(message)
    except mail.Refused as refused:
        log.warning("job %s, %s %s refused: %s", job.id, job.kind, job.subject_id, refused)
        return Delivery.FAILED, str(refused)
    except mail.Deferred as deferred:
        log.info("job %s, %s %s deferred: %s", job.id, job.kind, job.subject_id, deferred)
        return Delivery.DEFERRED, str(deferred)
    except Exception as error:
        log.exception("job %s, %s %s failed", job.id, job.kind, job.subject_id)
        return Delivery.DEFERRED, f"{type(error).__name__}: {error}"
    log.info("job %s, %s %s sent as %s", job.id, job.kind, job.subject_id, message["Message-ID"])
    return Delivery.SENT, ""
