"""What is said about waiting, in whole sentences: the same on pages and in letters."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from facilities.enquiries.models import Author, EnquiryStatus, Stage, Thread, Turn
from facilities.formats import long_date, site_zone


def waiting_words(thread: Thread) -> str:
    """What has been done about a thread that nobody goes on with, and what will be done when; empty if nothing."""
    if thread.enquiry.stage != Stage.SENT or thread.enquiry.emptied_at is not None:
        return ""
    return " ".join(_sentences(thread))


def done_words(thread: Thread) -> str:
    """What the last reminder was, as the requester reads it on the day."""
    name = thread.listing_name
    if thread.reminders == 1:
        return _("%(listing)s has not answered yet. We reminded it today.", listing=name)
    if thread.reminders == 2:
        return _(
            "%(listing)s has not answered our reminder. Today we asked the deputy, or whoever is next in charge.",
            listing=name,
        )
    return _("%(listing)s has not answered. The catalogue's desk looks into it from today.", listing=name)


def next_words(thread: Thread) -> str:
    """What happens if the owner goes on being silent; empty if nothing more."""
    if thread.turn != Turn.OWNER or thread.remind_at is None:
        return ""
    day = _day(thread.remind_at)
    if thread.reminders == 0:
        return _("If there is no answer by %(day)s, we send a reminder.", day=day)
    if thread.reminders == 1:
        return _("If there is no answer by %(day)s, we ask the deputy, or whoever is next in charge.", day=day)
    return _("If there is no answer by %(day)s, the catalogue's desk looks into it.", day=day)


def _sentences(thread: Thread) -> Iterator[str]:
    if thread.turn == Turn.OWNER:
        if thread.reminders:
            yield _reminded(thread)
        yield next_words(thread)
    elif thread.turn == Turn.REQUESTER and thread.close_at is not None:
        day = _day(thread.close_at)
        yield _("If nobody writes by %(day)s, the conversation is closed; a reply opens it again.", day=day)
    elif thread.status == EnquiryStatus.CLOSED and thread.ended_by == Author.SITE:
        yield _("Closed because nobody had written for a while. A reply opens it again.")


def _day(at: datetime) -> str:
    return long_date(at.astimezone(site_zone()))


def _reminded(thread: Thread) -> str:
    if thread.reminders == 1:
        return _("A reminder has been sent.")
    if thread.reminders == 2:
        return _("A reminder has been sent, and the deputy or whoever is next in charge has been asked.")
    return _("Two reminders have not been answered: the catalogue's desk looks into it.")
