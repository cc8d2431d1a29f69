"""The map and what it asks for: marks, cards, lines; and the map in other sites' pages."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone, me
from facilities.db import as_id
from facilities.insight.map.cards import card_at
from facilities.insight.map.lines import as_json, lines_of
from facilities.insight.map.places import Found, View, about, answer, bounds, found_by
from facilities.insight.map.towns import towns_part
from facilities.networks.searching import query_here
from facilities.packing import packed
from facilities.search.file_views import page_of_values
from facilities.search.links import address, in_view
from facilities.search.near import read_box
from facilities.search.query import SearchQuery
from facilities.search.results import find
from search_index import Box

bp = Blueprint("map", __name__)

CLOSEST_ZOOM = 18
EDGE = 0.0002
"""Degrees: twice what coordinates are rounded to."""


@bp.route("/map")
@bp.route("/networks/<slug>/map")
@allow(anyone)
def page(slug: str = "") -> ResponseReturnValue:
    """The map of what a search finds, and without scripts the same as a list by country and town."""
    query = query_of(slug)
    results = find(query)
    if results.page_count and query.page > results.page_count:
        return redirect(query.on_page(results.page_count).url, 303)
    found = found_by(results.answered)
    shown = make_response(
        render_template(
            "insight/map/page.html",
            towns=towns_part(query, found),
            about=about,
            **map_words(results.answered, found),
            **results.page(),
        )
    )
    shown.headers["HX-Push-Url"] = query.url
    return shown if me() else packed(shown)


@bp.route("/map/values")
@bp.route("/networks/<slug>/map/values")
@allow(anyone)
def values(slug: str = "") -> ResponseReturnValue:
    """All values of a facet to choose from."""
    return page_of_values(query_of(slug))


@bp.route("/map/places.json")
@bp.route("/networks/<slug>/map/places.json")
@allow(anyone)
def places(slug: str = "") -> ResponseReturnValue:
    """What a map with the edges `area` (west,south,east,north) shows at `zoom`; see `places.answer`."""
    return _data(answer(found_by(query_of(slug)), view_asked()))


@bp.route("/map/card")
@bp.route("/networks/<slug>/map/card")
@allow(anyone)
def card(slug: str = "") -> ResponseReturnValue:
    """The listings at the mark that stands `at` (latitude,longitude) at a zoom, as a part of a page."""
    query = query_of(slug)
    try:
        lat, lng = map(float, request.args.get("at", "").split(","))
    except ValueError:
        abort(404)
    found = card_at(found_by(query), lat, lng, view_asked().zoom)
    all_url = in_view(query.changed(within=_around(found.box)), "list") if found else ""
    return render_template("insight/map/card.html", card=found, all_url=all_url)


def _around(box: tuple[float, float, float, float]) -> Box:
    """A box that surely holds what lies on the edges of another (west, south, east, north)."""
    west, south, east, north = box
    return Box(south=south - EDGE, west=west - EDGE, north=north + EDGE, east=east + EDGE)


@bp.route("/map/lines.json")
@allow(anyone)
def lines() -> ResponseReturnValue:
    """From an organisation to its sites and facilities."""
    found = lines_of(_organisation_asked())
    return _data(as_json(found) if found else {"start": None, "ends": []})


def _organisation_asked() -> int:
    """The id of the organisation whose lines are asked for; 0 for none."""
    return as_id(request.args.get("lines", ""))


def query_of(slug: str) -> SearchQuery:
    """The search that the request asks for, with its pages at the map's address."""
    query = query_here(slug)
    return replace(query, base=query.base.removesuffix("/search") + "/map", view="list")


def view_asked() -> View:
    """What the visitor's map shows; all of the world if that cannot be read."""
    zoom = request.args.get("zoom", int(View().zoom), type=int)
    try:
        area = read_box(request.args["area"]) if "area" in request.args else View().area
    except ValueError:
        area = View().area
    return View(area, min(max(zoom, 0), CLOSEST_ZOOM))


def map_words(query: SearchQuery, found: Found) -> dict[str, Any]:
    """What the script of a map is told: addresses, and the view to begin with."""
    within = (query.within.west, query.within.south, query.within.east, query.within.north) if query.within else None
    return {
        "places_url": address(f"{query.base}/places.json", query),
        "card_url": address(f"{query.base}/card", query, "sort"),
        "list_url": in_view(query, "list"),
        "share_url": address(f"{query.base}/share", query, "sort"),
        "bounds": within or bounds(found),
        "near": (query.point.lat, query.point.lng) if query.point else None,
        "placed": len(found.ids),
        "lines": _organisation_asked(),
    }


def _data(said: dict[str, Any]) -> ResponseReturnValue:
    """JSON that is not sent again while it says the same, packed for those who accept it."""
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    response = packed(Response(body, mimetype="application/json"))
    response.add_etag()
    response.cache_control.no_cache = True
    return response.make_conditional(request)
