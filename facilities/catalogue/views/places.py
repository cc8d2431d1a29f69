"""The map of all places, its data, and the same as a list of countries and cities."""

import gzip
import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.models import Kind, country_name
from facilities.catalogue.queries.places import CityCount, Point, cities, last_change, points
from facilities.catalogue.views import bp

# Four decimals are eleven metres: finer than a building.
DECIMALS = 4


@bp.route("/map")
@allow(anyone)
def places_map() -> ResponseReturnValue:
    return render_template("catalogue/map.html", countries=_by_country(cities()), search_url=_search_url)


@bp.route("/map/places.json")
@allow(anyone)
def places_json() -> ResponseReturnValue:
    """All points as arrays of equal length, so that thousands stay small; 304 while nothing changed."""
    plain, packed = _bodies()
    accepts_gzip = bool(request.accept_encodings["gzip"])
    response = make_response(packed if accepts_gzip else plain)
    response.content_type = "application/json"
    if accepts_gzip:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return _cacheable(response)


def _cacheable(response: Response) -> Response:
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _bodies() -> tuple[bytes, bytes]:
    """The JSON of all points, plain and gzipped; a process makes it again only after a change."""
    version = last_change()
    kept = current_app.extensions.get("map_places")
    if kept is None or kept[0] != version:
        body = json.dumps(compact(points()), ensure_ascii=False, separators=(",", ":")).encode()
        kept = current_app.extensions["map_places"] = (version, body, gzip.compress(body, 6, mtime=0))
    return kept[1], kept[2]


def compact(all_points: Sequence[Point]) -> dict[str, Any]:
    """Points by column. `kind` is an index into `kinds` (paths) and `kind_names`, `organisation` one into
    `organisations`, -1 for none."""
    kinds = list(Kind)
    organisations: dict[str, int] = {}
    return {
        "kinds": [kind.path for kind in kinds],
        "kind_names": [kind.value for kind in kinds],
        "id": [point.id for point in all_points],
        "kind": [kinds.index(point.kind) for point in all_points],
        "name": [point.name for point in all_points],
        "lat": [round(point.lat, DECIMALS) for point in all_points],
        "lng": [round(point.lng, DECIMALS) for point in all_points],
        "organisation": [
            organisations.setdefault(point.organisation, len(organisations)) if point.organisation else -1
            for point in all_points
        ],
        "organisations": list(organisations),
    }


def _by_country(counts: Iterable[CityCount]) -> list[tuple[str, str, list[CityCount]]]:
    """(code, name, cities) of each country, by name; the cities by number of listings."""
    countries = [
        (code, country_name(code), sorted(group, key=lambda place: (-place.number, place.city)))
        for code, group in groupby(counts, key=lambda place: place.country)
    ]
    return sorted(countries, key=lambda country: country[1])


def _search_url(**filters: str) -> str:
    return "/search?" + urlencode(filters)
