"""The page of a listing, at its permanent address."""

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.citation import citation, identifiers, permanent_url, product_beside
from facilities.catalogue.figures import employees_of, pipeline_by_phase, site_points, turnover_of
from facilities.catalogue.models import Listing, Status, country_name
from facilities.catalogue.offer_words import ask_label, has_ended, offer_facts, offer_line
from facilities.catalogue.prose import prose, web_host
from facilities.catalogue.queries.listing import listing_page, public_listing
from facilities.catalogue.queries.merged import survivor_of
from facilities.catalogue.queries.relatives import load_techniques, others_of_owner
from facilities.catalogue.reading import (
    Reading,
    best_language,
    labels,
    name_in,
    text_in,
)
from facilities.catalogue.structured_data import structured_data
from facilities.catalogue.views import bp
from facilities.choosing_language import language_of_reader
from facilities.db import ID
from facilities.languages import spoken

PATHS = "any(organisations, facilities, instruments, services, offers)"

WORDS = (labels, name_in, product_beside, prose, spoken, text_in, web_host)
FIGURES = (
    employees_of,
    turnover_of,
    pipeline_by_phase,
    site_points,
    ask_label,
    has_ended,
    offer_facts,
    offer_line,
    country_name,
)

for word in (*WORDS, *FIGURES):
    bp.add_app_template_filter(word)


@bp.route(f"/<{PATHS}:path>/<{ID}:listing_id>", defaults={"slug": ""})
@bp.route(f"/<{PATHS}:path>/<{ID}:listing_id>-<slug>")
@allow(anyone)
def listing(path: str, listing_id: int, slug: str) -> ResponseReturnValue:
    """The id decides; whatever else the address says is put right by a redirect."""
    found = _found(listing_id)
    if f"/{path}/{listing_id}-{slug}" != found.path:
        return redirect(_with_query(found.path), 301)
    if found.status == Status.WITHDRAWN:
        return _withdrawn(found)
    return _page(found)


@bp.route(f"/listings/<{ID}:listing_id>")
@allow(anyone)
def permanent(listing_id: int) -> ResponseReturnValue:
    """The short address, which knows only the id."""
    found = _found(listing_id)
    return redirect(_with_query(found.path), 301)


def _found(listing_id: int) -> Listing:
    """The public listing of an id; of a merged one the listing it lives on in, to whose address the visitor is led."""
    found = public_listing(listing_id)
    if found is None and (survivor := survivor_of(listing_id)):
        found = public_listing(survivor)
    return found or abort(404)


def _page(found: Listing) -> ResponseReturnValue:
    language = best_language(found, request.args.get("lang"), language_of_reader())
    reading = Reading(found, language)
    site_name, site_url = current_app.config["SITE_NAME"], current_app.config["SITE_URL"]
    return render_template(
        f"catalogue/{found.kind.value}.html",
        listing=found,
        page=listing_page(found, language),
        reading=reading,
        identifiers=identifiers(found),
        permanent_url=permanent_url(found, site_url),
        citation=citation(found, site_name, site_url),
        structured_data=structured_data(reading, site_url),
    )


def _withdrawn(found: Listing) -> ResponseReturnValue:
    successor = _living(found.successor)
    trail = Reading(found, found.language).trail
    others = others_of_owner(found, found.language)
    load_techniques([other for group in others for other in group.listings])
    return render_template("errors/withdrawn.html", listing=found, successor=successor, trail=trail, others=others), 410


def _living(successor: Listing | None) -> Listing | None:
    """The successor of a withdrawn listing, or what that was merged into, if it is public."""
    if successor is not None and successor.status == Status.MERGED:
        successor = public_listing(survivor_of(successor.id) or 0)
    return successor if successor is not None and successor.status == Status.PUBLISHED else None


def _with_query(path: str) -> str:
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path
