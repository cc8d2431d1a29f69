""" "Set up here": the places that have something, and what a company finds around one of them."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.gazetteer import Found
from facilities.catalogue.models import PremisesKind, RoomClass
from facilities.insight.places.counting import lines_of
from facilities.insight.places.finding import surroundings
from facilities.insight.places.towns import countries, km_between, path_of, to_compare, town_at, town_meant
from facilities.search.near import nearest_towns

bp = Blueprint("places", __name__)

RADII = (10, 25, 50, 100)
USUAL = 50
COMPARED = 2
"""Other places beside the one that the page is about."""

LONGEST = 120
MOST_TOWNS = 24
"""Of a country that the first page names."""


@bp.get("/places")
@allow(anyone)
def places() -> ResponseReturnValue:
    """Towns by country; `q` leads to the page of a town."""
    typed = " ".join(request.args.get("q", "").split())[:LONGEST]
    found = town_meant(typed) if typed else None
    if found is not None:
        return redirect(path_of(found), 303)
    nearest = [(name, town) for name in nearest_towns(typed) if (town := town_meant(name))] if typed else []
    values = {"countries": countries(), "typed": typed, "nearest": nearest, "most": MOST_TOWNS}
    page = render_template("insight/places/all.html", path_of=path_of, **values)
    return page, 404 if typed else 200


@bp.get("/places/<country>/<slug>")
@allow(anyone)
def place(country: str, slug: str) -> ResponseReturnValue:
    """`radius` is in km; `with`, twice at most, names the places to compare with."""
    town = town_at(country, slug) or abort(404)
    if request.path != path_of(town):
        return redirect(_with_query(path_of(town)), 301)
    radius, others = _radius(), _others(town)
    compared = [town, *others]
    return render_template(
        "insight/places/one.html",
        town=town,
        radius=radius,
        radii=RADII,
        around=surroundings(town, radius),
        compared=[(each, path_of(each), km_between(town, each)) for each in compared],
        lines=[lines_of(each, radius) for each in compared],
        chosen=_typed(others),
        unknown=_unknown(),
        path=path_of(town),
        premises_words={each.value: each.label for each in PremisesKind},
        room_words={each.value: each.label for each in RoomClass},
    )


def _with_query(path: str) -> str:
    asked = request.query_string.decode("ascii", "replace")
    return f"{path}?{asked}" if asked else path


def _radius() -> int:
    asked = request.args.get("radius", USUAL, type=int)
    return asked if asked in RADII else USUAL


def _named() -> list[str]:
    return [text.strip()[:LONGEST] for text in request.args.getlist("with") if text.strip()][:COMPARED]


def _others(town: Found) -> list[Found]:
    """The places chosen; the nearest larger ones as long as nobody has chosen."""
    if "with" not in request.args:
        return list(to_compare(town, COMPARED))
    chosen = [each for text in _named() if (each := town_meant(text)) is not None and each != town]
    return list(dict.fromkeys(chosen))


def _typed(others: list[Found]) -> list[str]:
    """What stands in the boxes: the places compared, and what names none as it was typed."""
    return [*(each.name for each in others), *_unknown()]


def _unknown() -> list[str]:
    """What was typed that names no town."""
    return [text for text in _named() if town_meant(text) is None]
