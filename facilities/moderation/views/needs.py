"""Posted needs: the desk looks at what search found for them and decides who is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, moderators
from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.catalogue.queries import published_by_ids
from facilities.db import ID, as_id, db
from facilities.enquiries.limits import MOST_LISTINGS
from facilities.enquiries.models import Enquiry, MatchState
from facilities.enquiries.needs.deciding import (
    NobodyToAsk,
    TooManyToAsk,
    add_match,
    approve_need,
    arrange,
    drop_need,
)
from facilities.enquiries.needs.matching import likeliest, match_need
from facilities.enquiries.needs.queries import PER_PAGE, matches_of, need_to_decide, needs_waiting
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.moderation.forms.needs import NeedNoteForm
from facilities.moderation.queues import Queue, number_in, position_of, posted_needs
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of
from facilities.search.query import SearchQuery
from facilities.search.results import Card, find

FOUND = 8
"""Listings that a search of the desk shows."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing that may be asked: whether it is ticked, and as which result search finds it now, if it does."""

    listing: Listing
    chosen: bool
    card: Card | None


@bp.get("/moderate/needs")
@allow(moderators)
def needs() -> ResponseReturnValue:
    total = number_in(posted_needs())
    found = needs_waiting(asked_page())
    return render_template(
        "moderate/needs/list.html", queue=Queue.NEEDS, needs=found, total=total, pages=pages_of(total, PER_PAGE)
    )


@bp.get(f"/moderate/needs/<{ID}:enquiry_id>")
@allow(moderators)
def need(enquiry_id: int) -> ResponseReturnValue:
    enquiry = need_to_decide(enquiry_id) or abort(404)
    return _need_page(enquiry, NeedNoteForm())


@bp.post(f"/moderate/needs/<{ID}:enquiry_id>")
@allow(moderators)
def decide_need(enquiry_id: int) -> ResponseReturnValue:
    """`act` is approve, drop, find, again, or add:<listing id>. Ticks and order are kept whatever is done."""
    if need_to_decide(enquiry_id) is None:
        flash(_("A colleague has decided about this need already."), "warning")
        return redirect("/moderate/needs", 303)
    enquiry, form = need_to_decide(enquiry_id, to_change=True) or abort(404), NeedNoteForm()
    act, _colon, listing_id = request.form.get("act", "").partition(":")
    arrange(enquiry, [as_id(each) for each in request.form.getlist("listing")], _places())
    if act == "add":
        for listing in published_by_ids([as_id(listing_id)]):
            add_match(enquiry, listing)
    done = form.validate_on_submit() and _decided(enquiry, act, form)
    if done:
        return redirect("/moderate/needs", 303)
    db.session.commit()
    if act == "again":
        match_need(enquiry.id)
    return _need_page(enquiry, form), 422 if form.errors else 200


def _decided(enquiry: Enquiry, act: str, form: NeedNoteForm) -> bool:
    """Whether the need is decided; if not, why stands on the form."""
    note = form.note.data or ""
    if act == "drop":
        if not note:
            form.note.errors = [_("Say why nobody is asked: the requester reads it.")]
            return False
        drop_need(enquiry, by=_user(), reason=note)
        flash(_("The requester is told that nobody is asked."))
    return act == "drop" or (act == "approve" and _approved(enquiry, note, form))


def _approved(enquiry: Enquiry, note: str, form: NeedNoteForm) -> bool:
    try:
        asked = approve_need(enquiry, by=_user(), desk_email=current_app.config["DESK_EMAIL"], note=note)
    except NobodyToAsk:
        form.form_errors.append(_("Tick at least one listing to ask."))
    except TooManyToAsk:
        form.form_errors.append(_("Tick at most %(most)d listings.", most=MOST_LISTINGS))
    else:
        flash(ngettext("Sent to %(num)d listing.", "Sent to %(num)d listings.", len(asked)))
        return True
    return False


def _places() -> Mapping[int, int]:
    """The order that was written: {listing id: place}."""
    named = {name.removeprefix("place-"): value for name, value in request.form.items() if name.startswith("place-")}
    return {as_id(listing_id): as_id(place) for listing_id, place in named.items() if as_id(place)}


def _need_page(enquiry: Enquiry, form: NeedNoteForm) -> str:
    offers, asked_for = _offers(enquiry), " ".join(request.values.get("q", "").split())
    return render_template(
        "moderate/needs/one.html",
        queue=Queue.NEEDS,
        enquiry=enquiry,
        form=form,
        offers=offers,
        found=_found(asked_for, [offer.listing.id for offer in offers]),
        q=asked_for,
        asked=request_lines(enquiry),
        asker=requester_lines(enquiry),
        position=position_of(posted_needs(), enquiry.id),
        most=MOST_LISTINGS,
    )


def _offers(enquiry: Enquiry) -> list[Offer]:
    """What was found or added, in the desk's order, without what is no longer public."""
    matches = {match.listing_id: match for match in matches_of(enquiry)}
    now_found = {card.listing.id: card for card in likeliest(enquiry)}
    return [
        Offer(listing, matches[listing.id].state == MatchState.APPROVED, now_found.get(listing.id))
        for listing in published_by_ids(list(matches))
    ]


def _found(asked_for: str, already: list[int]) -> list[Listing]:
    """What the desk searched for, by words or by a listing's number, without those on the page."""
    if not asked_for:
        return []
    by_number = published_by_ids([as_id(asked_for)]) if as_id(asked_for) else []
    cards = find(SearchQuery(asked_for, per_page=FOUND)).cards
    found = {listing.id: listing for listing in [*by_number, *(card.listing for card in cards)]}
    return [listing for listing in found.values() if listing.id not in already][:FOUND]


def _user() -> User:
    return me() or abort(401)
