"""The results page and its JSON."""

from time import perf_counter
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone, moderators
from facilities.enquiries.asker import asker
from facilities.enquiries.numbers import note_found
from facilities.networks.searching import query_here
from facilities.search.broader import broader_searches
from facilities.search.links import in_view
from facilities.search.log import note_search
from facilities.search.queries import source_ids
from facilities.search.query import BadParameter, SearchQuery
from facilities.search.results import Card, Results, find
from facilities.search.telling import as_json

bp = Blueprint("search", __name__)
api = Blueprint("search_api", __name__, url_prefix="/api/v1")


@bp.route("/search")
@bp.route("/networks/<slug>/search")
@allow(anyone)
def results(slug: str = "") -> ResponseReturnValue:
    """The results; in a network's part of the site those of its members."""
    query = query_here(slug)
    if query.view == "map":
        return redirect(in_view(query, "map"), 303)
    found = find(query, explain=request.args.get("explain") == "1" and moderators(), open_to=asker())
    if found.page_count and query.page > found.page_count:
        return redirect(query.on_page(found.page_count).url, 303)
    _note(found)
    note_found(card.listing.id for card in found.cards)
    broader = None if found.total or found.notice else broader_searches(query, found.filters)
    page = make_response(render_template("search/results.html", broader=broader, **found.page()))
    # The form of the filters sends its empty fields too: the address that a script keeps goes without them.
    page.headers["HX-Push-Url"] = query.url
    return page


def _note(found: Results) -> None:
    """Count a search as it was typed, which found nothing if it was misspelt; its other pages, orders and filters are
    the same search again."""
    query = found.query
    if query.text and query.page == 1 and query.sort == "relevance" and not query.is_filtered and found.answer:
        note_search(query.text, 0 if found.corrected else found.total, partly=found.answer.found.partial)


@api.route("/search")
@allow(anyone)
def search_json() -> ResponseReturnValue:
    started = perf_counter()
    try:
        found = find(SearchQuery.strict(request.args))
    except BadParameter as bad:
        error = {"code": "bad_parameter", "message": str(bad), "field": bad.name}
        return jsonify(error=error), 400
    return jsonify(**_answer(found), took_ms=round((perf_counter() - started) * 1000, 1))


def _answer(found: Results) -> dict[str, Any]:
    sources = source_ids([card.listing.id for card in found.cards])
    return {
        "query": found.query.text,
        "total": found.total,
        "page": found.query.page,
        "pages": found.page_count,
        "corrected": found.corrected.text if found.corrected else None,
        "understood": as_json(found.answer.query) if found.answer else [],
        "facets": {
            facet.name: [{"value": v.value, "label": v.label, "count": v.count} for v in facet.values]
            for facet in found.facets
        },
        "items": [_item(card, *sources.get(card.listing.id, (None, None))) for card in found.cards],
    }


def _item(card: Card, source: str | None, source_id: str | None) -> dict[str, Any]:
    listing = card.listing
    return {
        "id": listing.id,
        "kind": listing.kind.value,
        "title": listing.name,
        "url": listing.path,
        "source": source,
        "source_id": source_id,
        "snippet": "".join(text for text, _found in card.snippet),
        "organisation": listing.organisation.name if listing.organisation else None,
        "city": listing.place.city or None,
        "country": listing.place.country,
        "score": round(card.score, 4),
    }
