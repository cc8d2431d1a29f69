"""What the requester does on the private page: writes, accepts, declines, withdraws."""

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_limiter import RateLimitExceeded
from flask_limiter.util import get_remote_address

from facilities.access import allow, anyone
from facilities.db import ID, letting_others_write
from facilities.enquiries import limits
from facilities.enquiries.files import discard, keep
from facilities.enquiries.models import Thread
from facilities.enquiries.requester_forms import EndForm, ReplyForm, ReplyToAllForm
from facilities.enquiries.requesting import Act, acts_of, alive, end, last_word, reply_to_all, said_already
from facilities.enquiries.requesting import reply as write_reply
from facilities.enquiries.side_by_side import sides
from facilities.enquiries.views import bp
from facilities.enquiries.views.private import (
    enquiry_for,
    private_page,
    private_redirect,
    reply_form,
    thread_of,
)
from facilities.pages import limiter
from facilities.private_page import PrivateResponse

MOST_REPLIES = "60 per hour"
"""Messages of requesters from one internet address, or one IPv6 network."""

DONE = {
    Act.ACCEPT: lazy_gettext("Accepted. They have been told."),
    Act.DECLINE: lazy_gettext("Declined. They have been told."),
    Act.WITHDRAW: lazy_gettext("Withdrawn. They have been told."),
}


@bp.post(f"/<token>/threads/<{ID}:thread_id>")
@allow(anyone)
def reply(token: str, thread_id: int) -> ResponseReturnValue:
    """Write to those who were asked about one listing."""
    form = reply_form(thread_id)
    with letting_others_write():
        valid = form.validate()
    enquiry = enquiry_for(token)
    thread = thread_of(enquiry, thread_id)
    if not valid or not form.files.fits(enquiry) or not _let_through(form):
        return private_page(enquiry, replies={thread_id: form})
    if not said_already(thread, form.body.data, [file.name for file in form.files.checked]):
        _write(thread, form)
    flash(_("Your message to %(listing)s is on its way.", listing=thread.listing_name))
    return private_redirect(f"{enquiry.path}#thread-{thread_id}")


@bp.post("/<token>/all")
@allow(anyone)
def reply_to_everybody(token: str) -> ResponseReturnValue:
    """Write the same in each thread that has not ended."""
    enquiry = enquiry_for(token)
    form = ReplyToAllForm()
    if not form.validate() or not _let_through(form):
        return private_page(enquiry, to_all=form)
    if not all(said_already(thread, form.words.data) for thread in alive(enquiry)):
        reply_to_all(enquiry, form.words.data)
    flash(_("Your message to all of them is on its way."))
    return private_redirect(enquiry.path)


@bp.route(f"/<token>/threads/<{ID}:thread_id>/<any(accept, decline, withdraw):act>", methods=["GET", "POST"])
@allow(anyone)
def end_thread(token: str, thread_id: int, act: str) -> ResponseReturnValue:
    """A page that asks once more, with words to go along; with an acceptance, whether to decline the others too."""
    enquiry = enquiry_for(token)
    thread = thread_of(enquiry, thread_id)
    wanted, form = Act(act), EndForm()
    if wanted not in acts_of(thread):
        flash(_("That is not possible any more: see how it stands now."), "warn")
        return private_redirect(f"{enquiry.path}#thread-{thread_id}")
    if not form.is_submitted() or not form.validate():
        return _end_page(thread, wanted, form)
    if form.seen_id < last_word(thread):
        return _end_page(thread, wanted, form, meanwhile=True)
    others = [each for each in alive(enquiry) if each is not thread] if form.decline_others.data else []
    end(thread, wanted, body=form.words.data, others=others, regret=form.regret.data)
    flash(str(DONE[wanted]))
    return private_redirect(f"{enquiry.path}#thread-{thread_id}")


def _end_page(thread: Thread, act: Act, form: EndForm, *, meanwhile: bool = False) -> Response:
    """`meanwhile`: they have written since the page was opened, which is shown before anything is done."""
    form.seen.data = str(last_word(thread))
    side = next(each for each in sides(thread.enquiry) if each.thread is thread)
    others = [each for each in alive(thread.enquiry) if each is not thread]
    shown = {"side": side, "act": act, "form": form, "others": others, "meanwhile": meanwhile}
    page = render_template("enquiries/end_thread.html", enquiry=thread.enquiry, **shown)
    return PrivateResponse(page, 409 if meanwhile else 422 if form.errors else 200)


def _write(thread: Thread, form: ReplyForm) -> None:
    files = [keep(file) for file in form.files.checked]
    try:
        write_reply(thread, form.body.data, files)
    except BaseException:
        discard(files)
        raise


def _let_through(form: ReplyForm | ReplyToAllForm) -> bool:
    """Whether there have not been too many messages; else the form says so."""
    if not may_write():
        form.form_errors.append(_("Many messages have come from your network. Try again in an hour."))
        return False
    return True


def may_write() -> bool:
    """Whether there have not been too many messages; counts one."""
    try:
        with limiter.limit(MOST_REPLIES, key_func=_network):
            return True
    except RateLimitExceeded:
        return False


def _network() -> str:
    return f"replies {limits.network_of(get_remote_address())}"
