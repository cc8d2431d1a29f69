"""Saying that a listing is one's own, and proving it."""

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone, listing_for, me, signed_in
from facilities.accounts.limits import address_block, spend, within
from facilities.accounts.models import OwnerRole, User
from facilities.accounts.rights import may_claim, may_edit, may_invite
from facilities.catalogue.models import Listing
from facilities.db import ID, db
from facilities.moderation.claiming import (
    TooManyClaims,
    can_be_proven,
    claim_listing,
    claim_of,
    known_addresses,
    settle_claim,
)
from facilities.moderation.forms.deciding import AnswerForm
from facilities.moderation.forms.public import ClaimForm
from facilities.moderation.models import CaseState, Claim
from facilities.moderation.preferences import preferences
from facilities.moderation.queues import Position, Queue, position_of, waiting_for
from facilities.moderation.teams import keepers_of, managers_of
from facilities.moderation.views import bp

CLAIMS_FROM_ADDRESS = "30 per hour"
ACTS = ("accept", "reject")
LINKS_FROM_ADDRESS = "60 per hour"


@bp.route(f"/listings/<{ID}:listing_id>/claim", methods=["GET", "POST"])
@allow(signed_in)
def claim(listing_id: int) -> ResponseReturnValue:
    listing = listing_for(listing_id, _may_claim_or_edit)
    user = me() or abort(401)
    if may_edit(user, listing):
        return redirect(f"/manage/listings/{listing.id}", 303)
    addresses = known_addresses(listing)
    form = ClaimForm(addresses=_choices(listing, addresses))
    if form.validate_on_submit() and _claimed(form, listing, user, addresses):
        return redirect(f"/listings/{listing.id}/claim/thanks", 303)
    kept = {"managed": bool(managers_of(listing)), "edited": bool(keepers_of(listing))}
    page = render_template("moderation/claim.html", listing=listing, form=form, **kept)
    return page, 422 if form.errors else 200


@bp.get(f"/listings/<{ID}:listing_id>/claim/thanks")
@allow(signed_in)
def claim_thanks(listing_id: int) -> ResponseReturnValue:
    return render_template("moderation/claimed.html", listing=listing_for(listing_id, _may_claim_or_edit))


def _may_claim_or_edit(user: User | None, listing: Listing) -> bool:
    return may_claim(user, listing) or may_edit(user, listing)


def _choices(listing: Listing, addresses: list[str]) -> list[tuple[str, str]]:
    """The known addresses as the form offers them. Of a contact's address only the domain is told."""
    if listing.contacts and addresses:
        domain = addresses[0].rpartition("@")[2]
        return [("0", _("A letter to the contact that the catalogue knows, at %(domain)s", domain=domain))]
    return [(str(number), _("A letter to %(address)s", address=address)) for number, address in enumerate(addresses)]


def _claimed(form: ClaimForm, listing: Listing, user: User, addresses: list[str]) -> bool:
    way = form.way.data
    address = addresses[int(way)] if way.isdigit() else ""
    try:
        spend(CLAIMS_FROM_ADDRESS, "claim", address_block())
        claim_listing(listing, by=user, message=form.message.data or "", address=address)
    except TooManyClaims:
        form.form_errors.append(_("You have claimed several listings today. Claim this one tomorrow."))
        return False
    return True


@bp.route("/claims/<token>", methods=["GET", "POST"])
@allow(anyone)
def prove(token: str) -> ResponseReturnValue:
    """The link in the letter. Opening it changes nothing; whoever reads the known mailbox says yes or no."""
    if not within(LINKS_FROM_ADDRESS, "claim link", address_block()):
        abort(429)
    found = claim_of(token, to_settle=request.method == "POST") or abort(404)
    if not can_be_proven(found):
        return _secret(render_template("moderation/claim_over.html", claim=found, listing=found.listing)), 410
    act = request.form.get("act")
    if act in ACTS:
        settle_claim(found, right=act == "accept", by=None)
        return redirect(f"/claims/{token}/done", 303)
    return _secret(render_template("moderation/prove.html", claim=found, listing=found.listing))


@bp.get("/claims/<token>/done")
@allow(anyone)
def proven(token: str) -> ResponseReturnValue:
    found = claim_of(token) or abort(404)
    return _secret(render_template("moderation/proven.html", claim=found, listing=found.listing))


def _secret(page: str) -> Response:
    """A page whose address decides something: nobody keeps it."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route(f"/manage/claims/<{ID}:claim_id>", methods=["GET", "POST"])
@allow(signed_in)
def claim_case(claim_id: int) -> ResponseReturnValue:
    """A claim as the desk, and whoever manages the listing already, decide about it."""
    found = db.session.get(Claim, claim_id) or abort(404)
    listing, user = listing_for(found.listing_id, may_invite), me() or abort(401)
    right = request.form.get("act") == "accept"
    form = AnswerForm(needs_answer=not right)
    position = position_of(waiting_for(user, Queue.CLAIMED), found.id) if user.is_moderator else None
    home = "/moderate/queues/claimed" if user.is_moderator else f"/manage/listings/{listing.id}/team"
    if request.method == "POST" and _is_settled(found):
        flash(_("Somebody has decided about this claim already."), "warning")
        return redirect(home, 303)
    if request.form.get("act") in ACTS and form.validate_on_submit():
        settle_claim(found, right=right, answer=form.answer.data, by=user, public_note=form.public_note.data or "")
        flash(_("Decided: %(name)s", name=listing.name))
        return redirect(f"/manage/claims/{position.next}" if position and position.next else home, 303)
    return _claim_page(found, listing, form, position), 422 if form.errors else 200


def _is_settled(claim: Claim) -> bool:
    """Whether it has been decided about. Until the transaction ends nobody else can."""
    db.session.refresh(claim, with_for_update=True)
    return claim.state != CaseState.OPEN


def _claim_page(claim: Claim, listing: Listing, form: AnswerForm, position: Position | None) -> str:
    return render_template(
        "moderate/claim.html",
        claim=claim,
        listing=listing,
        managers=managers_of(listing),
        editors=keepers_of(listing, OwnerRole.EDITOR),
        form=form,
        queue=Queue.CLAIMED,
        position=position,
        log_is_public=preferences().decisions_public,
    )
