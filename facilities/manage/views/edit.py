"""Forms that change a listing, a section at a time."""

from dataclasses import asdict

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, me, signed_in
from facilities.accounts.rights import may_add_below, may_copy, may_publish
from facilities.catalogue.vocabulary.choosing import find_techniques
from facilities.db import ID
from facilities.manage.completeness import completeness_of
from facilities.manage.needs import sent_back_with
from facilities.manage.sections import section_called, states_of
from facilities.manage.views import bp
from facilities.manage.views.reviewing import decided_meanwhile, forms_of, in_review, listing_to_edit
from facilities.manage.views.section import opened_form, posted_form, section_page, settle
from facilities.manage.words import who_accepts
from facilities.moderation.proposals import open_proposal

LONGEST_TERM = 200

__all__ = ["edit", "edit_section", "posted_form", "section_page", "settle", "techniques"]


@bp.route(f"/listings/<{ID}:listing_id>/edit")
@bp.route(f"/reviews/<{ID}:listing_id>/sections")
@allow(signed_in)
def edit(listing_id: int) -> ResponseReturnValue:
    """All sections of a listing, with what is missing and what waits."""
    listing = listing_to_edit(listing_id)
    if elsewhere := decided_meanwhile(listing):
        return elsewhere
    proposal = open_proposal(listing)
    waiting = {name: after for name, (_before, after) in (proposal.changes if proposal else {}).items()}
    completeness = completeness_of(listing, waiting)
    return render_template(
        "manage/edit/overview.html",
        listing=listing,
        proposal=proposal,
        sent_back=sent_back_with(listing, proposal),
        forms=forms_of(listing),
        in_review=in_review(),
        completeness=completeness,
        sections=states_of(listing, completeness, waiting),
        may_publish=may_publish(me(), listing),
        may_add=may_add_below(me(), listing) and not in_review(),
        may_copy=may_copy(me(), listing) and not in_review(),
        who_accepts=who_accepts(listing),
    )


@bp.route(f"/listings/<{ID}:listing_id>/edit/<section>", methods=["GET", "POST"])
@bp.route(f"/reviews/<{ID}:listing_id>/sections/<section>", methods=["GET", "POST"])
@allow(signed_in)
def edit_section(listing_id: int, section: str) -> ResponseReturnValue:
    """The form of one section."""
    listing = listing_to_edit(listing_id)
    if elsewhere := decided_meanwhile(listing):
        return elsewhere
    asked = section_called(section, listing.kind)
    if asked is None:
        abort(404)
    if request.method == "GET":
        return opened_form(listing, asked)
    if "draft" in request.form:
        return settle(listing, asked)
    return posted_form(listing, asked, request.form)


@bp.route("/techniques")
@allow(signed_in)
def techniques() -> ResponseReturnValue:
    """`q` is the beginning of any name of a technique, in any language."""
    found = find_techniques(request.args.get("q", "")[:LONGEST_TERM])
    return jsonify(techniques=[asdict(each) for each in found])
