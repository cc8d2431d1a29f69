"""The page on which a need is posted without a chosen listing."""

import logging

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_limiter.util import get_remote_address

from facilities.access import allow, anyone
from facilities.db import db, letting_others_write, now
from facilities.enquiries import limits
from facilities.enquiries.actions import send_enquiry, write_enquiry
from facilities.enquiries.asker import remember_asker, remember_sent, sent_here
from facilities.enquiries.models import Enquiry
from facilities.enquiries.needs.forms import LONGEST_NEED, NeedForm
from facilities.enquiries.needs.matching import match_need
from facilities.enquiries.views import bp
from facilities.enquiries.views.private import private_page
from facilities.mail import one_line
from facilities.pages import limiter

log = logging.getLogger(__name__)


@bp.route("/need", methods=["GET", "POST"])
@allow(anyone)
def need() -> ResponseReturnValue:
    """`q` is what was searched for in vain."""
    sent, searched = request.method == "POST", one_line(request.args.get("q", ""))[:LONGEST_NEED]
    form = NeedForm(secret=current_app.config["SECRET_KEY"], data={"wanted": searched})
    if sent and _valid(form):
        if form.filled_by_robot:
            return private_page(_written(form))
        enquiry = _posted(form)
        if enquiry is not None:
            remember_asker(enquiry.requester_group)
            remember_sent(enquiry)
            _match(enquiry.id)
            return redirect(enquiry.path, 303)
    page = render_template("enquiries/needs/new.html", form=form, months=current_app.config["ENQUIRY_MONTHS"])
    return page, 422 if sent else 200


def _valid(form: NeedForm) -> bool:
    """Whether the fields are filled in well. Nobody has to wait for what the checks ask of the network."""
    with letting_others_write():
        return bool(form.validate())


def _written(form: NeedForm) -> Enquiry:
    """The need as it would be, for the page that a robot gets; nothing of it is kept."""
    draft = form.draft(str(get_locale()))
    return write_enquiry(draft, [], form_id="", desk_email=current_app.config["DESK_EMAIL"], at=now())


def _posted(form: NeedForm) -> Enquiry | None:
    """The stored need; None with the reason on the form if there have been too many."""
    draft = form.draft(str(get_locale()))
    form_id = draft.fingerprint(form.opened.id if form.opened else "", [])
    desk_email = current_app.config["DESK_EMAIL"]
    try:
        with limiter.limit(limits.MOST_FROM_ADDRESS, key_func=lambda: limits.network_of(get_remote_address())):
            return send_enquiry(
                draft, [], form_id=form_id, desk_email=desk_email, took=form.time_taken, sent_before=sent_here()
            )
    except RateLimitExceeded:
        form.form_errors.append(_("Many enquiries have come from your network. Try again in an hour."))
    except limits.TooManyFromRequester:
        form.form_errors.append(_("You have sent many enquiries today. Send this one tomorrow, or write to the desk."))
    return None


def _match(enquiry_id: int) -> None:
    """The need is stored: whatever goes wrong here, the worker looks again within the hour."""
    try:
        match_need(enquiry_id)
    except Exception:  # of the search engine too: who sent the need is told that it is stored
        db.session.rollback()
        log.exception("need %s not matched yet", enquiry_id)
