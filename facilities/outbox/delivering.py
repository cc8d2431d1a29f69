"""One letter: claimed, handed over, and its fate written down."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import sleep

from sqlalchemy.exc import OperationalError

from facilities import mail, smtp
from facilities.db import db, writing
from facilities.outbox import actions as outbox
from facilities.outbox.errands import Errand, errand
from facilities.outbox.models import Delivery, Job, JobStatus

log = logging.getLogger(__name__)

TRIES, BETWEEN_TRIES = 5, 1.0
"""How often, and how many seconds apart, it is tried to write down what became of a letter: a database that is busy
then is no reason to send the letter twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far one attempt came and why, in the mail server's words; whether the server was reached at all."""

    delivery: Delivery
    words: str
    reached: bool = True


def deliver(job_id: int) -> Outcome | None:
    """Try one letter, unless another worker has it: claimed in one transaction, its fate written in a second. No
    transaction is open while the mail server is talked to. None if nothing was tried."""
    writing()
    job = db.session.get(Job, job_id)
    if job is None or not outbox.claim(job):
        db.session.rollback()
        return None
    db.session.commit()
    letter = errand(job)
    if letter is None:
        _for_certain(lambda: _nothing_to_send(job))
        return Outcome(Delivery.FAILED, "")
    outcome = _attempt(job, letter)
    try:
        _for_certain(lambda: _write_down(job, letter, outcome))
    except OperationalError:
        raise
    except Exception:  # whatever it is, the letter is out: without a word of that it would be sent again
        log.exception("job %s: what follows from %r was not done", job_id, outcome)
        _for_certain(lambda: _settle(job, outcome))
    return outcome


def _for_certain(write: Callable[[], None]) -> None:
    """Do this in a transaction of its own, again if the database did not let us."""
    for tries_left in reversed(range(TRIES)):
        db.session.rollback()
        try:
            writing()
            write()
            db.session.commit()
            return
        except OperationalError:
            if not tries_left:
                raise
            log.warning("not written down yet", exc_info=True)
            db.session.rollback()
            sleep(BETWEEN_TRIES)


def _nothing_to_send(job: Job) -> None:
    """What the letter belongs to has been removed, or it went out before: nobody has to see to that."""
    outbox.put_away(job)
    job.error = "what it is about has been removed"


def _write_down(job: Job, letter: Errand, outcome: Outcome) -> None:
    """What became of the job and of what the letter is about, both or neither. If somebody has given the letter up
    meanwhile, only that it arrived all the same is news."""
    if job.status != JobStatus.WAITING and outcome.delivery != Delivery.SENT:
        return
    _settle(job, outcome)
    given_up = job.status == JobStatus.DEAD
    letter.note(Delivery.FAILED if given_up else outcome.delivery, outcome.words)


def _settle(job: Job, outcome: Outcome) -> None:
    """Done, dead, or to be tried again. This alone is written when what follows from it fails: a letter that has gone
    out must not go out again and again because of that."""
    if outcome.delivery == Delivery.SENT:
        outbox.finish([job])
    elif outcome.delivery == Delivery.FAILED:
        job.attempts += 1
        outbox.bury(job, outcome.words)
    else:
        outbox.put_off(job, outcome.words)


def _attempt(job: Job, letter: Errand) -> Outcome:
    """Write the letter and hand it over, once."""
    try:
        written = letter.write()
        message = mail.compose(written)
        db.session.rollback()
        words = mail.send(message, return_path=written.return_path)
    except mail.Refused as refused:
        log.warning("job %s, %s %s refused: %s", job.id, job.kind, job.subject_id, refused)
        return Outcome(Delivery.FAILED, str(refused))
    except mail.Deferred as deferred:
        log.info("job %s, %s %s deferred: %s", job.id, job.kind, job.subject_id, deferred)
        return Outcome(Delivery.DEFERRED, str(deferred), not isinstance(deferred, smtp.Unreachable))
    except Exception as error:  # of any template or library: the letter waits and keeps no other from going out
        log.exception("job %s, %s %s failed", job.id, job.kind, job.subject_id)
        return Outcome(Delivery.DEFERRED, f"{type(error).__name__}: {error}")
    log.info("job %s, %s %s sent as %s: %s", job.id, job.kind, job.subject_id, message["Message-ID"], words)
    return Outcome(Delivery.SENT, words)
