"""The worker beside the web processes: sends the letters that wait and keeps the index up to date."""

import logging
from collections.abc import Callable
from threading import Event

from flask import Flask

from facilities import smtp
from facilities.accounts.kept import forget_old_forms
from facilities.accounts.sessions import forget_old_sign_ins
from facilities.db import now
from facilities.enquiries.incoming.imap import polling
from facilities.enquiries.keeping.retention import empty_old
from facilities.enquiries.keeping.sweeping import sweep_files
from facilities.enquiries.needs.matching import match_waiting
from facilities.enquiries.reminders.closing import close_due
from facilities.enquiries.reminders.reminding import remind
from facilities.manage.confirmation import ask_for_confirmation
from facilities.manage.importing.doing import take_up
from facilities.manage.importing.forgetting import forget_old_imports
from facilities.manage.life import withdraw_due
from facilities.manage.links import check_links
from facilities.manage.uploads import sweep_uploads
from facilities.moderation.duplicates import keep_pairs_current
from facilities.needs.nightly import look_after_needs
from facilities.networks.applicants import empty_old_applications
from facilities.networks.daily import follow_the_calendar, remind_of_applications
from facilities.outbox import upkeep
from facilities.outbox.addressed import due_letters
from facilities.outbox.delivering import deliver
from facilities.outbox.models import JobKind
from facilities.outbox.queries import waiting
from facilities.outbox.senders import SENDERS, senders
from facilities.search.ended import leave_out_ended_offers
from facilities.search.index import follow
from facilities.search.log.writing import forget_old_searches
from facilities.search.saved.actions import forget_unconfirmed
from facilities.search.saved.telling import send_new_results

log = logging.getLogger(__name__)

IDLE = 1.0
"""Seconds between two rounds."""

TROUBLE = 5.0
"""Seconds to wait when a round could not be done at all, for instance because the database is away."""

MOST_AT_ONCE = 10_000
"""Letters that are tried in one go where they go one after the other."""

LOOK_AFTER: tuple[Callable[[], object], ...] = (
    leave_out_ended_offers,
    upkeep.keep_index_whole,
    upkeep.forget_done_jobs,
    upkeep.forget_sent_letters,
    withdraw_due,
    keep_pairs_current,
    ask_for_confirmation,
    sweep_uploads,
    check_links,
    forget_old_forms,
    forget_old_sign_ins,
    forget_old_imports,
    remind,
    close_due,
    empty_old,
    sweep_files,
    match_waiting,
    look_after_needs,
    send_new_results,
    forget_unconfirmed,
    forget_old_searches,
    follow_the_calendar,
    remind_of_applications,
    empty_old_applications,
)
"""What is done once in `upkeep.EVERY`."""


def work(app: Flask, stop: Event, *, sending: int = SENDERS) -> None:
    """Work until `stop` is set, with `sending` threads for letters. What fails is logged here, once, and tried again.

    Letters never wait for what is done in rounds: the index, imports, and what is looked after now and then.
    """
    look_after = now()
    with senders(app, stop, sending), polling(app, stop):
        while not stop.is_set():
            try:
                if now() >= look_after:
                    look_after = now() + upkeep.EVERY
                    _look_after(app)
                done = _round(app)
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
    """Bring the index up to date, try every letter that is due, one after the other, then take one import a step on;
    gives how many were tried."""
    with app.app_context():
        follow()
        due = [letter.job_id for letter in due_letters(at=now(), limit=MOST_AT_ONCE)]
    done = 0
    with smtp.kept_line():
        for job_id in due:
            if stop is not None and stop.is_set():
                break
            with app.app_context():
                done += deliver(job_id) is not None
    return done + _round(app)


def _round(app: Flask) -> int:
    """Bring the index up to date and take one import a step on; gives how many there were."""
    with app.app_context():
        follow()
        imports = [job.id for job in waiting(JobKind.IMPORT, due=now(), limit=1)]
    done = 0
    for job_id in imports:
        with app.app_context():
            done += take_up(job_id)
    return done
