"""Letters that are neither an enquiry nor a receipt: written at once, stored with the change, sent by the worker."""

from email.headerregistry import Address
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from facilities.db import db, now
from facilities.mail import Letter, Words, one_line
from facilities.outbox import actions as outbox
from facilities.outbox.models import JobKind, StoredLetter


def post(name: str, to: str, *, locale: str = "", unsubscribe: str = "", **values: Any) -> StoredLetter:
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


def as_letter(stored: StoredLetter, *, reply_to: Address | None = None) -> Letter:
    words = Words(stored.subject, stored.text, stored.html)
    unsubscribe = current_app.config["SITE_URL"] + stored.unsubscribe if stored.unsubscribe else ""
    return Letter(stored.name, str(stored.id), stored.to, words, stored.written_at, reply_to, unsubscribe)


def note_sent(stored: StoredLetter) -> None:
    """Erase what a letter said once it is on its way; the caller commits."""
    stored.sent_at, stored.text, stored.html, stored.problem, stored.unsubscribe = now(), "", "", "", ""
