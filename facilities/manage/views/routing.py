"""Who receives enquiries about a listing: its contacts, their leave, and a dry run."""

from datetime import date

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from facilities.access import allow, listing_for, me, signed_in
from facilities.accounts.rights import may_edit, may_see_routing
from facilities.catalogue.models import Contact, Listing
from facilities.db import ID, as_id, now
from facilities.enquiries.routing import Asked, Routed, explain, explain_passed, routed
from facilities.enquiries.routing.rules import absence_of
from facilities.manage.forms.routing import DryRunForm, LeaveForm
from facilities.manage.forms.texts import LANGUAGES
from facilities.manage.labels import in_words
from facilities.manage.leave import Leave, set_leave
from facilities.manage.views import bp
from facilities.manage.views.home import user


@bp.route(f"/listings/<{ID}:listing_id>/routing", methods=["GET"])
@allow(signed_in)
def routing(listing_id: int) -> ResponseReturnValue:
    """Who would receive an enquiry like the one asked for."""
    form = _dry_run()
    page = _page(listing_for(listing_id, may_see_routing), form)
    return (page, 422) if form.errors else page


@bp.route(f"/listings/<{ID}:listing_id>/routing", methods=["POST"])
@allow(signed_in)
def change_leave(listing_id: int) -> ResponseReturnValue:
    """Note when one of the listing's own contacts is away."""
    listing = listing_for(listing_id, may_edit)
    wanted = as_id(request.form.get("contact", ""))
    contact = next((each for each in listing.contacts if each.id == wanted), None)
    if contact is None:
        flash(_("This contact has been changed meanwhile: look again."), "warning")
        return redirect(_address(listing), 303)
    form = LeaveForm.of(contact, request.form)
    if not form.validate():
        return _page(listing, _dry_run(), (contact.id, form)), 422
    leave = Leave(form.away_from.data, form.away_until.data, bool(form.left.data))
    set_leave(contact, leave, works=bool(form.works.data), by=user().actor)
    flash(_("Saved: %(role)s.", role=contact.role))
    return redirect(_address(listing), 303)


def _page(listing: Listing, form: DryRunForm, refused: tuple[int, LeaveForm] | None = None) -> str:
    """The page; `refused` is a contact's id with its form, to be put right."""
    fine = form.validate()
    leave = {contact.id: LeaveForm.of(contact) for contact in listing.contacts} | dict([refused] if refused else [])
    today, seen = now().date(), [each for each in listing.lineage() if may_see_routing(me(), each)]
    return render_template(
        "manage/routing/page.html",
        listing=listing,
        form=form,
        leave=leave,
        open_form=refused[0] if refused else None,
        found=_found(listing, form.asked(today)) if fine else None,
        above=[each for each in seen if each is not listing],
        shows_addresses={each.id for each in seen},
        may_change=may_edit(me(), listing),
        explain=explain,
        explain_passed=explain_passed,
        today=today,
        words_of=lambda name, values: ", ".join(in_words(name, value) for value in values),
        absences={contact.id: _absence(contact, listing, today) for contact in listing.contacts},
    )


def _dry_run() -> DryRunForm:
    asked = MultiDict(request.args) if request.method == "GET" else MultiDict()
    asked.setdefault("kind", "question")
    asked.setdefault("language", _own_language())
    asked.setdefault("on", now().date().isoformat())
    return DryRunForm(asked)


def _own_language() -> str:
    language = get_locale().language
    return language if language in LANGUAGES else "en"


def _found(listing: Listing, asked: Asked) -> Routed:
    return routed(listing, asked, desk_email=current_app.config["DESK_EMAIL"])


def _absence(contact: Contact, listing: Listing, today: date) -> str:
    """Why the contact cannot receive anything today, as one word; empty if it can."""
    absence = absence_of(contact, listing, today)
    return absence.why.value if absence else ""


def _address(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/routing"
