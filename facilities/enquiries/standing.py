"""How a thread stands, told to its requester: what has happened, whose turn it is, what happens next and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from facilities.enquiries.models import UNANSWERED, Author, Delivery, EnquiryStatus, Thread, Turn
from facilities.enquiries.reminders.schedule import reminder_due
from facilities.enquiries.reminders.telling import waiting_words
from facilities.enquiries.threads.letters import reachable
from facilities.formats import long_date, site_zone


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` say what is, `after` what happens next. `tone` is good, wait, ask (the requester has to do something) or
    over; the page shows it as a colour and an icon beside the words."""

    words: str
    after: str = ""
    tone: str = "wait"


def standing(thread: Thread) -> Standing:
    """What the requester is told. A thread that is held as spam looks like one that nobody has answered."""
    status = thread.shown_status
    if status in UNANSWERED:
        return _unanswered(thread, status)
    if status.ended:
        return _ended(thread)
    if _turn_in(thread) == Turn.OWNER:
        return Standing(_("You have written: it is their turn."), _next(thread))
    asks = status == EnquiryStatus.WAITING
    words = _("They need something from you.") if asks else _("Answered %(day)s.", day=_day(thread.last_owner_at))
    return Standing(words, _next(thread), "ask" if asks else "good")


def _turn_in(thread: Thread) -> Turn:
    """Whose turn the requester reads it is; in what is held, of whoever did not write last."""
    if thread.status != EnquiryStatus.SPAM:
        return thread.turn
    last = thread.said_last
    return Turn.OWNER if last is None or last.author == Author.REQUESTER else Turn.REQUESTER


def _unanswered(thread: Thread, status: EnquiryStatus) -> Standing:
    if status == EnquiryStatus.OPENED:
        return Standing(_("Opened %(day)s, not answered yet.", day=_day(thread.opened_at)), _next(thread))
    if status == EnquiryStatus.DELIVERED:
        return Standing(_("Delivered, not opened yet."), _next(thread))
    if not list(reachable(thread)):
        return Standing(_("No letter could be delivered yet."), _("The desk has been told."), "ask")
    if any(each.delivery == Delivery.DEFERRED for each in thread.recipients):
        return Standing(_("Their mail server is not taking letters now. We go on trying."))
    return Standing(_("On its way."), _next(thread))


def _ended(thread: Thread) -> Standing:
    day, by_you = _day(thread.shown_closed_at), thread.shown_ended_by == Author.REQUESTER
    again = _("Write below to take it up again.")
    if thread.shown_status == EnquiryStatus.ACCEPTED:
        words = _("You accepted %(day)s.", day=day) if by_you else _("They accepted %(day)s.", day=day)
        return Standing(words, _("Write below to arrange the rest."), "good")
    if thread.status == EnquiryStatus.DECLINED:
        return Standing(_("You declined %(day)s.", day=day) if by_you else _("They declined %(day)s.", day=day),
                        again, "over")  # fmt: skip
    if by_you:
        return Standing(_("You withdrew it %(day)s.", day=day), again, "over")
    if thread.ended_by == Author.SITE:
        return Standing(_("Closed %(day)s after a long silence.", day=day), again, "over")
    return Standing(_("They closed it %(day)s.", day=day), again, "over")


def _next(thread: Thread) -> str:
    """What we do if nobody answers; the same words for what is held."""
    if thread.status != EnquiryStatus.SPAM:
        return waiting_words(thread)
    last = thread.said_last
    since = last.sent_at if last else thread.asked_at
    if _turn_in(thread) == Turn.REQUESTER:
        day = _day(since + timedelta(days=current_app.config["CLOSE_AFTER"]))
        return _("If nobody writes by %(day)s, the conversation is closed; a reply opens it again.", day=day)
    due = reminder_due(thread.listing, since=since, reminders=0)
    return _("If there is no answer by %(day)s, we send a reminder.", day=_day(due)) if due else ""


def _day(at: datetime | None) -> str:
    return long_date(at.astimezone(site_zone())) if at else ""
