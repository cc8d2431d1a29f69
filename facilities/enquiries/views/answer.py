"""The page of a thread by the link of a letter: whoever has the mailbox reads and answers without an account."""

from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.enquiries.answering.acts import ACTS
from facilities.enquiries.answering.doing import done_or_again, sent_answer
from facilities.enquiries.answering.forms import AnswerForm
from facilities.enquiries.answering.opening import note_owner
from facilities.enquiries.answering.page import ThreadPage, may_be_shown
from facilities.enquiries.files import LARGEST_REQUEST
from facilities.enquiries.models import Recipient
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import recipient_by_token, thread_to_change, thread_to_read
from facilities.enquiries.views import bp
from facilities.private_page import PrivateResponse

TEMPLATE = "enquiries/answer.html"


@bp.url_value_preprocessor
def allow_answer_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: an answer may come with files."""
    if endpoint == "enquiries.change_answer":
        request.max_content_length = LARGEST_REQUEST


@bp.get("/answer/<token>")
@allow(anyone)
def answer(token: str) -> ResponseReturnValue:
    """What was asked and said, and the forms to answer."""
    recipient = recipient_for(token)
    if recipient.enquiry.emptied_at is not None:
        return _emptied(recipient)
    if request.method == "GET":
        note_owner(recipient.thread)
    return PrivateResponse(_page(recipient).print(TEMPLATE))


@bp.post("/answer/<token>")
@allow(anyone)
def change_answer(token: str) -> ResponseReturnValue:
    """Do what the pressed button says."""
    sent = sent_answer()
    recipient = recipient_for(token)
    if recipient.enquiry.emptied_at is not None:
        return _emptied(recipient)
    return PrivateResponse.force_type(done_or_again(_page(recipient, sent), ACTS, TEMPLATE))


def recipient_for(token: str) -> Recipient:
    """The recipient whose link this is, of a thread that has been sent; locked where the request may change it. 404
    for any other token, and for that of a contact who has left."""
    recipient = recipient_by_token(token)
    if recipient is None or recipient.has_left or not may_be_shown(recipient.thread):
        abort(404)
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    whole = thread_to_change(recipient.thread_id) if changes else thread_to_read(recipient.thread_id)
    assert whole is not None
    return recipient


def _page(recipient: Recipient, sent: AnswerForm | None = None) -> ThreadPage:
    return ThreadPage(recipient.thread, speakers.mailbox(recipient), recipient.path, sent=sent)


def _emptied(recipient: Recipient) -> Response:
    return PrivateResponse(render_template("enquiries/answer_emptied.html", thread=recipient.thread), 410)
