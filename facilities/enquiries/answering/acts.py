"""What can be done on a thread's page: each act reads its form and does it, or leaves the page to be shown again.

The thread has been read for changing (`thread_to_change`). An act gives the words that say it is done; None where its
form has to be shown again, with errors or with what others said meanwhile.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from facilities.accounts.models import User
from facilities.db import as_id, db, now
from facilities.enquiries.answering.forms import AnswerForm, SeenForm
from facilities.enquiries.answering.page import ThreadPage
from facilities.enquiries.answering.queries import colleagues_for, filled_in
from facilities.enquiries.files import discard, keep
from facilities.enquiries.models import EnquiryFile, Message, Quote
from facilities.enquiries.spam.holding import mark_spam
from facilities.enquiries.threads import ending
from facilities.enquiries.threads.speaking import Said, note_internally, say

Act = Callable[[ThreadPage], str | None]


def answer(page: ThreadPage) -> str | None:
    """Say something to the requester, with an offer and files if there are any."""
    form = page.answer
    page.opened = "answer"
    if not form.validate() or not form.files.fits(page.thread.enquiry):
        return None
    if _said_already(page, form):
        return _("Your answer has been sent.")
    if _waits_for_a_second_look(page, form):
        return None
    files = [keep(file) for file in form.files.checked]
    said = Said(form.body.data, quote=form.quote(), files=files, asks_back=form.asks_back.data)
    _or_discard(files, lambda: say(page.thread, said, by=page.by))
    name = page.thread.enquiry.requester_name
    return _("Your answer is on its way to %(name)s.", name=name)


def fill_in(page: ThreadPage) -> str | None:
    """Put a template's words below what has been typed; nothing is sent."""
    page.opened = "answer"
    chosen = as_id(page.answer.template.data or "")
    words = [filled_in(each, page.thread) for each in page.templates if each.id == chosen]
    page.answer.body.data = "\n\n".join(filter(None, [page.answer.body.data, *words]))
    return None


def note(page: ThreadPage) -> str | None:
    page.opened = "note"
    if not page.note.validate():
        return None
    note_internally(page.thread, page.note.note.data, by=page.by)
    return _("The note is kept.")


def assign(page: ThreadPage) -> str | None:
    """Leave the thread to a colleague, or to all again."""
    colleague = _chosen(colleagues_for(page.thread), page.assign.colleague.data)
    if colleague is None and page.assign.colleague.data:
        return _("Nothing was changed: the enquiry cannot be left to them any more.")
    ending.assign(page.thread, colleague, by=page.by)
    if colleague is None:
        return _("The enquiry is everybody's again.")
    return _("The enquiry is left to %(name)s.", name=colleague.actor.name)


def accept(page: ThreadPage) -> str | None:
    return _end(page, "accept", ending.accept, _("You have accepted. The requester gets a letter that says so."))


def decline(page: ThreadPage) -> str | None:
    return _end(page, "decline", ending.decline, _("You have declined. The requester gets a letter that says so."))


def close(page: ThreadPage) -> str | None:
    return _end(page, "close", ending.close, _("The enquiry is closed. The requester gets a letter that says so."))


def reopen(page: ThreadPage) -> str | None:
    """Go on with a thread that has ended."""
    if page.thread.status.ended:
        ending.reopen(page.thread)
    return _("The enquiry is open again: it is your turn.")


def spam(page: ThreadPage) -> str | None:
    """Say that it is spam: nobody is told, nobody is reminded."""
    mark_spam(page.thread, by=page.by, at=now())
    return _("Marked as spam. The requester is not told.")


def accept_terms(page: ThreadPage) -> str | None:
    """Accept the requester's terms, to read what is held back until then."""
    page.opened = "terms"
    if not page.may_accept_terms:
        return _("There is nothing to accept here.")
    if not page.terms.validate():
        return None
    page.thread.terms_accepted_at, page.thread.terms_accepted_by = now(), page.by.name
    db.session.commit()
    return _("You have accepted the requester's terms. The confidential details are shown below.")


ACTS: dict[str, Act] = {
    "answer": answer,
    "template": fill_in,
    "accept": accept,
    "decline": decline,
    "close": close,
    "reopen": reopen,
    "terms": accept_terms,
}
"""What whoever has the mailbox may do by the link of a letter."""

ACTS_WITH_ACCOUNT: dict[str, Act] = ACTS | {"note": note, "assign": assign, "spam": spam}


def _end(page: ThreadPage, name: str, end: Callable[..., Message], done: str) -> str | None:
    page.opened = name
    form = page.end
    if not form.validate():
        return None
    if page.thread.status.ended:
        return _("This enquiry has ended already.")
    if _waits_for_a_second_look(page, form):
        return None
    end(page.thread, by=page.by, body=form.words.data)
    return done


def _waits_for_a_second_look(page: ThreadPage, form: SeenForm) -> bool:
    """Whether others have said something that the author has not seen; what was typed is kept, and can be sent."""
    page.meanwhile = [each for each in _unseen(page, form) if not _is_mine(page, each)]
    page.asks_again()
    return bool(page.meanwhile)


def _said_already(page: ThreadPage, form: AnswerForm) -> bool:
    """Whether the form was sent twice: the same is there, said by the same hand since the page was opened."""
    new = (form.body.data, _offered(form.quote()), [file.name for file in form.files.checked])
    mine = [each for each in _unseen(page, form) if _is_mine(page, each)]
    return any((each.body, _offered(each.quote), [file.name for file in each.files]) == new for each in mine)


def _offered(quote: Quote | None) -> tuple[object, ...]:
    if quote is None:
        return ()
    return (quote.amount, quote.currency, quote.basis, quote.lead_days, quote.valid_until, quote.terms)


def _unseen(page: ThreadPage, form: SeenForm) -> list[Message]:
    return [each for each in page.thread.messages if each.id > form.seen_id and not each.internal]


def _is_mine(page: ThreadPage, message: Message) -> bool:
    if page.by.user is not None:
        return message.user_id == page.by.user.id
    return page.by.recipient is not None and message.recipient_id == page.by.recipient.id


def _chosen(colleagues: Sequence[User], typed: str | None) -> User | None:
    return next((each for each in colleagues if each.id == as_id(typed or "")), None)


def _or_discard(files: Sequence[EnquiryFile], act: Callable[[], Any]) -> None:
    """Do it; if that fails the files are taken off the disk again."""
    try:
        act()
    except BaseException:
        discard(files)
        raise
