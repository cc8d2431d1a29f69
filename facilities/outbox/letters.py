"""Letters that are neither an enquiry nor a receipt: written at once, stored with the change, sent by the worker."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from facilities import mail
from facilities.db import db, now
from facilities.mail import Letter, Words, one_line
from facilities.outbox import actions as outbox
from facilities.outbox.models import Delivery, JobKind, StoredLetter
from facilities.reply_address import Side, reply_address


@dataclass(frozen=True, slots=True)
class About:
    """The thread that a letter belongs to, the recipient it goes to if it goes to one, where its answer is sent, and an
    iCalendar file that goes with it."""

    thread_id: int
    recipient_id: int | None = None
    reply_to: str = ""
    calendar: str = ""


def post(
    name: str, to: str, *, locale: str = "", unsubscribe: str = "", about: About | None = None, **values: Any
) -> StoredLetter:
    """Write the letter `email/<name>/{subject.txt,body.txt,body.html}` and store it with a job; the caller commits.

    `values` are what its templates print; `site` is the site's address. `unsubscribe` is the path of our site that ends
    such letters.
    """
    words = words_of(name, locale=locale, **values)
    letter = StoredLetter(
        name=name,
        to=to,
        subject=one_line(words.subject)[:400],
        text=words.text,
        html=words.html,
        unsubscribe=unsubscribe,
    )
    if about is not None:
        letter.thread_id, letter.recipient_id = about.thread_id, about.recipient_id
        letter.reply_to, letter.calendar = about.reply_to, about.calendar
    db.session.add(letter)
    db.session.flush()
    outbox.add(JobKind.LETTER, [letter.id])
    return letter


def words_of(name: str, *, locale: str = "", **values: Any) -> Words:
    """What the letter says, in a language (the site's own unless named)."""
    said = {"site": current_app.config["SITE_URL"]} | values
    with force_locale(locale or current_app.config["DEFAULT_LOCALE"]):
        return Words(
            subject=render_template(f"email/{name}/subject.txt", **said).strip(),
            text=render_template(f"email/{name}/body.txt", **said).strip() + "\n",
            html=render_template(f"email/{name}/body.html", **said),
        )


def as_letter(stored: StoredLetter) -> Letter:
    """Raises Refused if the address for answers cannot be written to."""
    return Letter(
        name=stored.name,
        seed=str(stored.id),
        to=stored.to,
        words=Words(stored.subject, stored.text, stored.html),
        written_at=stored.written_at,
        reply_to=mail.address("", stored.reply_to) if stored.reply_to else None,
        unsubscribe=current_app.config["SITE_URL"] + stored.unsubscribe if stored.unsubscribe else "",
        return_path=reply_address(Side.BACK_LETTER, stored.id) if stored.thread_id else "",
        thread=f"thread {stored.thread_id}" if stored.thread_id else "",
        calendar=stored.calendar,
    )


def note_sent(stored: StoredLetter, words: str = "") -> None:
    """Erase what a letter said once it is on its way, and keep what the mail server said; the caller commits."""
    stored.sent_at = now()
    if stored.bounced_at is None:
        stored.delivery, stored.problem = Delivery.SENT, words[:500]
    stored.text, stored.html, stored.unsubscribe, stored.calendar = "", "", "", ""
    stored.mail_id = mail.message_id(stored.name, str(stored.id))
