"""Answers of machines: never said to the other side nor answered, noted for owners and the desk."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.db import db
from facilities.enquiries.incoming.contents import words_of
from facilities.enquiries.incoming.outcomes import Ignored
from facilities.enquiries.incoming.quoting import own_words, without_secrets
from facilities.enquiries.incoming.received import Received
from facilities.enquiries.incoming.seats import answered_instead, seats
from facilities.enquiries.models import Author, Thread
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import Speaker
from facilities.enquiries.threads.speaking import Said, add_message
from facilities.plain_text import lines
from facilities.reply_address import ReplyTo, Side

NOT_AGAIN_WITHIN = timedelta(days=1)
"""Of the same sender in the same thread."""

MOST_IN_A_DAY = 5
"""In the same thread, of whatever senders: a machine may call itself something else each time."""

LONGEST_NOTE = 1500


def note_automatic(said_to: ReplyTo, letter: Received, *, at: datetime) -> Ignored:
    """Note for owners and the desk what a machine answered ("I am away until ..."), at most once a day."""
    person = answered_instead(said_to) if said_to.side in BACK else said_to
    noted = [_note(seat.thread_id, letter, at=at) for seat in (seats(person) if person else [])]
    return Ignored("a machine wrote it; noted" if any(noted) else "a machine wrote it")


BACK = (Side.BACK_RECIPIENT, Side.BACK_LETTER, Side.BACK_RECEIPT)


def _note(thread_id: int, letter: Received, *, at: datetime) -> bool:
    thread = thread_to_change(thread_id)
    name = _name(letter)
    if thread is None or thread.enquiry.emptied_at is not None or _noted_since(thread, name, at - NOT_AGAIN_WITHIN):
        db.session.rollback()
        return False
    body = _body(letter, thread)
    add_message(thread, Said(body, mail_id=letter.mail_id), by=Speaker(Author.SITE, name), at=at).internal = True
    db.session.commit()
    return True


def _noted_since(thread: Thread, name: str, since: datetime) -> bool:
    notes = [each for each in thread.own_messages if each.internal and each.mail_id and each.author == Author.SITE]
    recent = [each.author_name for each in notes if each.sent_at > since]
    return name in recent or len(recent) >= MOST_IN_A_DAY


def _name(letter: Received) -> str:
    return letter.sender[1] or "?"


def _body(letter: Received, thread: Thread) -> str:
    said = own_words(lines(words_of(letter.message)))[:LONGEST_NOTE]
    with force_locale(current_app.config["DEFAULT_LOCALE"]):
        heading = _("Automatic answer from %(address)s: %(subject)s", address=_name(letter), subject=letter.subject)
    return without_secrets(f"{heading}\n\n{said}".strip(), thread.enquiry)
