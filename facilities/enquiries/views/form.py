"""The page on which an enquiry is written and sent."""

from typing import Any

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_limiter.util import get_remote_address

from facilities.access import allow, anyone, me
from facilities.catalogue.card_texts import card_text
from facilities.db import as_id, db, letting_others_write, now
from facilities.enquiries import limits
from facilities.enquiries.actions import send_enquiry, write_enquiry
from facilities.enquiries.asker import remember_asker, remember_sent, sent_here
from facilities.enquiries.choice import Choice, unit_of
from facilities.enquiries.files import LARGEST_REQUEST
from facilities.enquiries.fitting import kinds_for
from facilities.enquiries.forms import EnquiryForm
from facilities.enquiries.models import Enquiry
from facilities.enquiries.requesting import asked_by, note_verified
from facilities.enquiries.views import bp
from facilities.enquiries.views.private import private_page
from facilities.enquiries.views.shortlist import forget
from facilities.needs.queries import need_called
from facilities.needs.rights import is_public
from facilities.pages import limiter

WITH_FILES = ("enquiries.new", "enquiries.reply")

LONGEST_NAME = 40
"""Letters of a facility's name that fit on a button."""


@bp.route("/new", methods=["GET", "POST"])
@allow(anyone)
def new() -> ResponseReturnValue:
    sent = request.method == "POST"
    about = _about_need()
    form = EnquiryForm(secret=current_app.config["SECRET_KEY"], data={"message": about})
    if sent:
        form.message.data = _naming(about, form.message.data or "")
    valid = sent and _valid(form)
    choice = Choice.from_form(request.form, request.args) if sent else Choice.from_args(request.args)
    if not choice.offered:
        return render_template("enquiries/nothing_chosen.html", missing=choice.missing)
    form.offer_kinds(kinds_for(choice.offered))
    if sent and _complete(form, choice) and valid and not form.errors:
        if form.filled_by_robot:
            return private_page(_written(form, choice))
        enquiry = _sent(form, choice)
        if enquiry is not None:
            if asked_by(me(), enquiry):
                note_verified(enquiry)
                db.session.commit()
            remember_asker(enquiry.requester_group)
            remember_sent(enquiry)
            forget(listing.id for listing in choice.chosen)
            return redirect(enquiry.path, 303)
    return _form_page(form, choice), 422 if sent else 200


def _about_need() -> str:
    """How an answer to the public need of the address begins."""
    need = need_called(as_id(request.args.get("need", ""))) if "need" in request.args else None
    return _("About your need “%(title)s”:", title=need.title) + "\n\n" if need and is_public(need) else ""


def _naming(about: str, message: str) -> str:
    """A message that says what it is about, also when its writer has taken that out."""
    return message if not message.strip() or about.strip() in message else about + message


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: a form with files may be large."""
    if endpoint in WITH_FILES:
        request.max_content_length = LARGEST_REQUEST


def _form_page(form: EnquiryForm, choice: Choice) -> str:
    return render_template(
        "enquiries/new.html",
        form=form,
        choice=choice,
        labels=button_labels(choice),
        unit_of=unit_of,
        months=current_app.config["ENQUIRY_MONTHS"],
    )


def _valid(form: EnquiryForm) -> bool:
    """Whether the fields are filled in well. Nobody has to wait while files are looked into."""
    with letting_others_write():
        return bool(form.validate())


def _complete(form: EnquiryForm, choice: Choice) -> bool:
    if not choice.chosen:
        form.form_errors.append(_("Tick at least one listing to ask about."))
    return bool(choice.chosen)


def _written(form: EnquiryForm, choice: Choice) -> Enquiry:
    """The enquiry as it would be, for the page that a robot gets; nothing of it is kept."""
    draft = form.draft(str(get_locale()))
    return write_enquiry(draft, choice.chosen, form_id="", desk_email=current_app.config["DESK_EMAIL"], at=now())


def _sent(form: EnquiryForm, choice: Choice) -> Enquiry | None:
    """The stored enquiry; None with the reason on the form if there have been too many."""
    draft = form.draft(str(get_locale()))
    form_id = draft.fingerprint(form.opened.id if form.opened else "", [listing.id for listing in choice.chosen])
    try:
        with limiter.limit(limits.MOST_FROM_ADDRESS, key_func=_network):
            return send_enquiry(
                draft,
                choice.chosen,
                form_id=form_id,
                desk_email=current_app.config["DESK_EMAIL"],
                took=form.time_taken,
                sent_before=sent_here(),
            )
    except RateLimitExceeded:
        form.form_errors.append(_("Many enquiries have come from your network. Try again in an hour."))
    except limits.TooManyFromRequester:
        form.form_errors.append(_("You have sent many enquiries today. Send this one tomorrow, or write to the desk."))
    return None


def _network() -> str:
    return limits.network_of(get_remote_address())


def button_labels(choice: Choice) -> list[str]:
    """What the button says when the ticked listings belong to none, one, two ... facilities."""
    units = {card_text(unit_of(listing)).name for listing in choice.offered}
    name = units.pop() if len(units) == 1 else ""
    only = _("Send to %(name)s", name=name) if 0 < len(name) <= LONGEST_NAME else _send_to(1)
    return [_("Send"), only, *(_send_to(number) for number in range(2, limits.MOST_LISTINGS + 1))]


def _send_to(number: int) -> str:
    return ngettext("Send to %(num)d recipient", "Send to %(num)d recipients", number)
