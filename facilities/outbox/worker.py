"""The worker beside the web processes: sends the letters that wait and keeps the index up to date."""

import logging
from threading import Event

from flask import Flask

from facilities import mail
from facilities.db import db, now, writing
from facilities.enquiries.letters import ERRANDS, Errand, errand
from facilities.enquiries.models import Delivery
from facilities.outbox import actions as outbox
from facilities.outbox import upkeep
from facilities.outbox.models import Job, JobStatus
from facilities.outbox.queries import waiting
from facilities.search.index import follow

log = logging.getLogger(__name__)

IDLE = 1.0
"""Seconds between two looks at an empty outbox."""

TROUBLE = 5.0
"""Seconds to wait when a round could not be done at all, for instance because the database is away."""


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
    with app.app_context():
        upkeep.keep_index_whole()
        upkeep.forget_done_jobs()


def work_once(app: Flask, stop: Event | None = None) -> int:
    """Bring the index up to date and try every letter that is due; gives how many were tried."""
    with app.app_context():
        follow()
        due = sorted(job.id for kind in ERRANDS for job in waiting(kind, due=now()))
    done = 0
    for job_id in due:
        if stop is not None and stop.is_set():
            break
        with app.app_context():
            done += _deliver(job_id)
            follow()
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
