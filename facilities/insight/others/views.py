"""Who else has one: of an instrument of the catalogue, and of one that is not bought yet."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.models import Instrument, Listing, Status, UserGroup
from facilities.catalogue.queries.listing import public_listing
from facilities.catalogue.queries.relatives import load_techniques
from facilities.catalogue.reading import Reading, best_language
from facilities.choosing_language import language_of_reader
from facilities.db import ID
from facilities.insight.others.finding import Others, Wish, others_like
from facilities.insight.others.subject import Subject, subject_named, subject_of
from facilities.paging import asked_page, pages_of

bp = Blueprint("others", __name__)
RADII = (25, 100, 300)
PER_PAGE = 25
IN_BLOCK = 5
GROUPS = (UserGroup.COMPANIES, UserGroup.ACADEMIA, UserGroup.HEALTHCARE, UserGroup.ABROAD)
LONGEST = 120


@bp.get(f"/instruments/<{ID}:listing_id>/others")
@allow(anyone)
def of_listing(listing_id: int) -> ResponseReturnValue:
    """All that can take the place of an instrument."""
    found = public_listing(listing_id)
    if not isinstance(found, Instrument) or found.status != Status.PUBLISHED:
        abort(404)
    load_techniques([found])
    reading = Reading(found, best_language(found, request.args.get("lang"), language_of_reader()))
    return _page(subject_of(found), listing=found, reading=reading)


@bp.get("/instruments/others")
@allow(anyone)
def of_model() -> ResponseReturnValue:
    """The same for a maker and model or a technique that somebody thinks of buying."""
    typed = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("manufacturer", "model", "near")}
    technique = (request.args.get("technique") or request.args.get("name") or "").strip()[:LONGEST]
    subject = subject_named(typed["manufacturer"], typed["model"], technique, typed["near"])
    return _page(subject, typed=typed | {"technique": technique})


def _page(subject: Subject, **more: object) -> str:
    wish = _wish()
    found = others_like(subject, wish, limit=PER_PAGE, offset=(asked_page() - 1) * PER_PAGE)
    return render_template(
        "insight/others/page.html",
        subject=subject,
        wish=wish,
        others=found,
        pages=pages_of(found.total, PER_PAGE),
        radii=RADII,
        groups=GROUPS,
        **{"listing": None, "typed": {}} | more,
    )


def _wish() -> Wish:
    radius = request.args.get("radius", "")
    groups = [group for group in request.args.getlist("access") if group in list(GROUPS)]
    return Wish(
        radius=int(radius) if radius in map(str, RADII) else None,
        groups=tuple(groups),
        only_same=request.args.get("same") == "1",
        nearest_first=request.args.get("sort") == "distance",
    )


@bp.app_template_global()
def who_else_has(listing: Listing) -> Others:
    """The first few others of an instrument, for its own pages; its ancestors and techniques are loaded."""
    return others_like(subject_of(listing), limit=IN_BLOCK) if isinstance(listing, Instrument) else Others()
