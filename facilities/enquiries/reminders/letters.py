"""The letters about waiting: to those who should answer, to the desk, and to whoever waits."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from flask_babel import force_locale

from facilities.enquiries.models import Enquiry, Message, Thread
from facilities.enquiries.reminders.mailboxes import Mailbox
from facilities.enquiries.reminders.offers import MOST_OFFERED, similar_to_ask
from facilities.enquiries.reminders.telling import done_words
from facilities.enquiries.threads.letters import inbox_path
from facilities.outbox.letters import About, post
from facilities.reply_address import Side, reply_address


def remind(name: str, mailboxes: Iterable[Mailbox]) -> None:
    """One letter to each mailbox, about all threads of the enquiry that it should answer; the caller commits."""
    by_email: dict[str, list[Mailbox]] = {}
    for mailbox in mailboxes:
        by_email.setdefault(mailbox.email.lower(), []).append(mailbox)
    for sharing in by_email.values():
        _remind_mailbox(name, sharing)


def _remind_mailbox(name: str, sharing: Sequence[Mailbox]) -> None:
    first = sharing[0]
    enquiry = first.thread.enquiry
    reply_to = first.reply_to
    if len(sharing) > 1 and first.recipient_id is not None:
        reply_to = reply_address(Side.MAILBOX, first.recipient_id)
    about = About(first.thread.id, first.recipient_id, reply_to=reply_to or enquiry.requester_email)
    post(
        name, first.email, locale=first.locale, about=about, enquiry=enquiry, thread=first.thread, asked=sharing,
        message=last_question(first.thread), by_mail=bool(reply_to),
    )  # fmt: skip


def tell_desk(threads: Iterable[Thread]) -> None:
    """A letter to the desk about each thread that nobody answers; the caller commits."""
    for thread in threads:
        values: dict[str, Any] = {"enquiry": thread.enquiry, "thread": thread, "message": last_question(thread)}
        locale = current_app.config["DEFAULT_LOCALE"]
        about = About(thread.id)
        post("reminder_desk", _desk(), locale=locale, about=about, path=inbox_path(thread), **values)


def tell_late(enquiry: Enquiry, threads: Sequence[Thread]) -> None:
    """An honest letter to the requester: who has not answered, what we did, what happens next, and who else could be
    asked; the caller commits."""
    offered = list({each.id: each for thread in threads for each in similar_to_ask(thread)}.values())[:MOST_OFFERED]
    with force_locale(enquiry.locale):
        done = [(thread, done_words(thread)) for thread in threads]
    about = About(threads[0].id, reply_to=reply_address(Side.REQUESTER, threads[0].id) if len(threads) == 1 else "")
    post(
        "late", enquiry.requester_email, locale=enquiry.locale, about=about, enquiry=enquiry, done=done,
        thread=threads[0], offered=offered,
    )  # fmt: skip


def tell_closed(thread: Thread, mailboxes: Iterable[Mailbox]) -> None:
    """Letters to both sides that silence has closed a thread and how to go on with it; the caller commits."""
    enquiry = thread.enquiry
    to_thread = About(thread.id, reply_to=reply_address(Side.REQUESTER, thread.id))
    values: dict[str, Any] = {"enquiry": enquiry, "thread": thread}
    post("closed", enquiry.requester_email, locale=enquiry.locale, about=to_thread, path=enquiry.path, **values)
    for each in mailboxes:
        about = About(thread.id, each.recipient_id, reply_to=each.reply_to or enquiry.requester_email)
        post("closed", each.email, locale=each.locale, about=about, path=each.path, **values)


def last_question(thread: Thread) -> Message:
    """What the requester said last: that is what waits for an answer. What is held back is in no letter, also once the
    terms are accepted: reminders go to deputies and the desk, who have accepted nothing."""
    said = [each for each in thread.messages if each.author == "requester" and not each.withheld]
    return said[-1] if said else thread.messages[0]


def _desk() -> str:
    return str(current_app.config["DESK_EMAIL"])
