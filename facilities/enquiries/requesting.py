"""What a requester does on the private page; each act is one transaction with its letters.

The enquiry has been read for changing (`enquiry_to_change`).
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.enquiries.models import (
    ENDED,
    UNANSWERED,
    Author,
    Enquiry,
    EnquiryFile,
    EnquiryStatus,
    Stage,
    Thread,
    link_end,
    new_token,
)
from facilities.enquiries.threads import ending
from facilities.enquiries.threads.speakers import requester
from facilities.enquiries.threads.speaking import Said, say, say_in_each
from facilities.outbox.letters import post


class Act(StrEnum):
    """How a requester may end a thread."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


def acts_of(thread: Thread) -> tuple[Act, ...]:
    """What can be done beside writing: an answer is accepted or declined, a question without one withdrawn. Who has
    been asked back accepts only what has been offered before."""
    status = thread.shown_status
    if status == EnquiryStatus.CLOSED and thread.first_answered_at:
        return (Act.ACCEPT,)
    if status.ended:
        return ()
    if not thread.first_answered_at or status in UNANSWERED:
        return (Act.WITHDRAW,)
    return (Act.DECLINE,) if status == EnquiryStatus.WAITING and not thread.quote else (Act.ACCEPT, Act.DECLINE)


def alive(enquiry: Enquiry) -> list[Thread]:
    """The threads that have not ended; for their requester that is also what is held."""
    return [thread for thread in enquiry.threads if thread.status not in ENDED or thread.status == EnquiryStatus.SPAM]


def last_word(thread: Thread) -> int:
    """The id of the last message that the requester can see: what a form has seen."""
    return max((message.id for message in thread.messages if not message.internal), default=0)


def said_already(thread: Thread, body: str, file_names: Collection[str] = ()) -> bool:
    """Whether this is what the requester said last: a form that was sent twice."""
    last = next((each for each in reversed(thread.messages) if not each.internal and each.thread_id), None)
    if last is None or last.author != Author.REQUESTER:
        return False
    return last.body == body and [file.name for file in last.files] == list(file_names)


def reply(thread: Thread, body: str, files: Collection[EnquiryFile] = ()) -> None:
    """Write to those who were asked; a thread that had ended is open again."""
    say(thread, Said(body, files=list(files)), by=requester(thread.enquiry))


def reply_to_all(enquiry: Enquiry, body: str) -> None:
    """Write the same to all whose thread has not ended."""
    say_in_each(alive(enquiry), body, by=requester(enquiry))


def end(thread: Thread, act: Act, *, body: str = "", others: Iterable[Thread] = (), regret: str = "") -> None:
    """Accept, decline or withdraw; with an acceptance `others` are declined with words of regret."""
    by = requester(thread.enquiry)
    if thread.status == EnquiryStatus.SPAM and act != Act.WITHDRAW:
        say(thread, Said(body), by=by)
    elif act == Act.ACCEPT:
        ending.accept_one(thread, others, by=by, body=body, regret=regret)
    elif act == Act.DECLINE:
        ending.decline(thread, by=by, body=body)
    else:
        ending.close(thread, by=by, body=body)


def note_verified(enquiry: Enquiry) -> None:
    """The requester has been seen to receive mail at the address; the caller commits."""
    enquiry.verified_at = enquiry.verified_at or now()


def renew_link(enquiry: Enquiry) -> None:
    """Make a new private link, mail it to the requester's address, and have the old one open nothing any more. One that
    is held for the desk keeps its link: nothing is mailed to an address that may be somebody else's."""
    if enquiry.stage in (Stage.HELD, Stage.DROPPED):
        return
    enquiry.token, enquiry.link_expires_at = new_token(), link_end()
    post("new_link", enquiry.requester_email, locale=enquiry.locale, enquiry=enquiry)
    db.session.commit()


def asked_by(user: User | None, enquiry: Enquiry) -> bool:
    """Whether an account with the requester's confirmed address looks at it."""
    confirmed = user is not None and user.active and user.confirmed_at is not None
    return bool(confirmed and user and user.email.lower() == enquiry.requester_email.lower())
