"""What may be meant, while it is typed."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.limits import address_block, spend
from facilities.catalogue.gazetteer import Found, find_places
from facilities.catalogue.models import country_name
from facilities.choosing_language import language_of_reader
from facilities.languages import read_best
from facilities.networks.scope import entered
from facilities.search.near import spot
from facilities.search.suggesting import LONGEST_TYPED, suggest

bp = Blueprint("suggesting", __name__)

MOST_FROM_ADDRESS = "1500 per minute"
"""A university has many people who type at once behind one address: this only stops machines."""

WRITTEN = ("en", "sv", "nb", "da", "de", "fi")
"""The languages in which techniques have names."""

MOST_TOWNS = 6
KEPT_FOR = 60
"""Seconds that a browser may use an answer again."""


@bp.get("/suggest")
@allow(anyone)
def suggestions() -> ResponseReturnValue:
    """`q` is what has been typed so far. Answers {"suggestions": [{"kind", "label", "text", "found", "note", "url"}]},
    the best first: `text` is what to show and search for, `found` the words recognised if they are others, `note` tells
    it from things called alike, and `url` is where choosing it leads. With `network`, its slug, listings are those of
    its members, and lead to their pages in its part of the site."""
    spend(MOST_FROM_ADDRESS, "suggest", address_block())
    named = request.args.get("network", "")[:LONGEST_TYPED]
    network = entered()
    found = suggest(request.args.get("q", "")[:LONGEST_TYPED], _language(), network.slug if network else named)
    if named:
        found = [each.staying_in(named) for each in found]
    return _answer([each.said for each in found])


def _language() -> str:
    """The language in which the visitor is likely to write."""
    return read_best(WRITTEN, language_of_reader())


@bp.get("/suggest/places")
@allow(anyone)
def towns() -> ResponseReturnValue:
    """`q` is the beginning of a town's name. The answer is like that of `suggestions`; `text` finds this very town."""
    spend(MOST_FROM_ADDRESS, "suggest", address_block())
    found = find_places(request.args.get("q", "")[:LONGEST_TYPED], limit=MOST_TOWNS)
    return _answer([{"kind": "place", "text": _told_apart(town), "note": _where(town)} for town in found])


def _where(town: Found) -> str:
    """Its region and country."""
    return town.label.removeprefix(town.name).removeprefix(", ")


def _told_apart(town: Found) -> str:
    """The town's name, with its country where the name alone means another town."""
    meant = spot(town.name)
    is_meant = meant is not None and (meant.lat, meant.lng) == (town.lat, town.lng)
    return town.name if is_meant else f"{town.name}, {country_name(town.country)}"


def _answer(suggestions: list[dict[str, str]]) -> Response:
    """Kept for a while by the browser."""
    answer = jsonify(suggestions=suggestions)
    answer.cache_control.private, answer.cache_control.max_age = True, KEPT_FOR
    return answer
