"""From a form that was sent to the page that comes next."""

from collections.abc import Mapping

from flask import Response, abort, flash, make_response, redirect, request

from facilities.db import letting_others_write
from facilities.enquiries.answering.acts import Act
from facilities.enquiries.answering.forms import AnswerForm
from facilities.enquiries.answering.page import ThreadPage


def sent_answer() -> AnswerForm | None:
    """The answer that the request brings, its files looked into; None if another button was pressed. To be called
    before the thread is locked: a picture takes its time, and nobody else has to wait for it."""
    if request.form.get("act") != "answer":
        return None
    form = AnswerForm()
    with letting_others_write():
        form.files.look()
    return form


def done_or_again(page: ThreadPage, acts: Mapping[str, Act], template: str) -> Response:
    """Do what the pressed button says, then lead back to the page; or the page again with what was typed (422, or 409
    if others said something meanwhile). 400 for an act that there is none of here."""
    pressed = request.form.get("act", "")
    done = (acts.get(pressed) or abort(400))(page)
    if done is not None:
        flash(done)
        return make_response(redirect(page.path, 303))
    code = 200 if pressed == "template" else 409 if page.meanwhile else 422
    return make_response(page.print(template), code)
