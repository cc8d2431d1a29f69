"""The letters of a thread: stored with what they tell of, sent by the worker."""

from collections.abc import Iterator
from typing import Any

from facilities.accounts.models import User
from facilities.enquiries.models import Delivery, Message, Recipient, Thread
from facilities.enquiries.reading_language import reading_language
from facilities.enquiries.rerouting import reroute_all
from facilities.enquiries.threads.rights import colleague_of
from facilities.enquiries.threads.speakers import Speaker
from facilities.outbox.letters import About, post
from facilities.reply_address import Side, reply_address


def tell_requester(thread: Thread, message: Message) -> None:
    """A letter to the requester with what was said; the caller commits."""
    enquiry = thread.enquiry
    about = About(thread.id, reply_to=reply_address(Side.REQUESTER, thread.id))
    post("answer", enquiry.requester_email, locale=enquiry.locale, about=about, **_values(thread, message))


def tell_owners(thread: Thread, message: Message) -> None:
    """Letters with what was said to whom the thread is assigned, else to every recipient that mail reaches; where there
    is none any more, the thread goes to whoever is next in charge. The caller commits."""
    said = _values(thread, message)
    colleague = colleague_of(thread)
    if colleague is not None:
        about = About(thread.id, reply_to=owners_reply_to(thread, Side.COLLEAGUE, thread.id, colleague.id))
        post("reply", colleague.email, locale=colleague.locale, about=about, path=inbox_path(thread), **said)
        return
    recipients = list(reachable(thread))
    if not recipients:
        reroute_all(thread.recipients, "", at=message.sent_at)
    for recipient in recipients:
        about = About(thread.id, recipient.id, reply_to=owners_reply_to(thread, Side.RECIPIENT, recipient.id))
        post("reply", recipient.email, locale=reading_language(recipient), about=about, path=recipient.path, **said)


def tell_assigned(thread: Thread, user: User, *, by: Speaker) -> None:
    """A letter to a colleague to whom a thread has been left; the caller commits."""
    about = About(thread.id, reply_to=owners_reply_to(thread, Side.COLLEAGUE, thread.id, user.id))
    said = _values(thread, thread.messages[0])
    post("assigned", user.email, locale=user.locale, about=about, path=inbox_path(thread), by=by.name, **said)


def reachable(thread: Thread) -> Iterator[Recipient]:
    """The recipients whose first letter has not failed or come back, and who have not left."""
    lost = (Delivery.FAILED, Delivery.BOUNCED)
    yield from (each for each in thread.recipients if each.delivery not in lost and not each.has_left)


def inbox_path(thread: Thread) -> str:
    """Where owners and the desk read and answer the thread."""
    return f"/manage/enquiries/{thread.id}"


def owners_reply_to(thread: Thread, side: Side, *ids: int) -> str:
    """Where an owner's answer by mail goes: into the thread, or straight to the requester where no mail comes in."""
    return reply_address(side, *ids) or thread.enquiry.requester_email


def _values(thread: Thread, message: Message) -> dict[str, Any]:
    return {"thread": thread, "enquiry": thread.enquiry, "message": message}
