"""What a search finds by country and town: the map in words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from facilities.catalogue.models import country_name
from facilities.insight.map.columns import Town, columns
from facilities.insight.map.places import Found
from facilities.languages import spoken_now
from facilities.search.keeping import kept, sign_of
from facilities.search.links import address, in_view
from facilities.search.query import SearchQuery

MOST_TOWNS, FEWER_TOWNS = 12, 3
"""Towns of a country that are named, and where there are more than MANY countries; one more address has all of them."""
MANY = 12


def towns_part(query: SearchQuery, found: Found) -> str:
    """The HTML of the part of the page with the towns, each a search of its own within `query`. Hundreds of links that
    say the same to everybody: they are printed once for a generation of the index."""
    filters = {facet: values for facet, values in query.filters.items() if facet not in ("country", "city")}
    everywhere = replace(query, filters=filters)
    listed, values = in_view(everywhere, "list"), address(f"{query.base}/values", everywhere, facet="city")

    def printed() -> str:
        words = _words(listed, values, by_country(columns().towns_of(found.ids.tolist())))
        return render_template("insight/map/towns.html", **words)

    return kept("map", ("towns", spoken_now(), listed, values, sign_of(found.ids)), printed)


def _words(listed: str, values: str, countries: list[tuple[str, str, list[Town]]]) -> dict[str, Any]:
    """`listed` is the address of the list that a town narrows, `values` that of all towns."""
    return {
        "countries": countries,
        "most": MOST_TOWNS if len(countries) <= MANY else FEWER_TOWNS,
        "town_url": lambda **town: f"{listed}{'&' if '?' in listed else '?'}{urlencode(town)}",
        "more_url": lambda country: f"{values}&{urlencode({'country': country})}",
    }


def by_country(towns: Sequence[Town]) -> list[tuple[str, str, list[Town]]]:
    """(code, name, towns) of each country, by name; the towns by number of listings."""
    countries: dict[str, list[Town]] = {}
    for town in towns:
        countries.setdefault(town.country, []).append(town)
    named = [
        (code, country_name(code), sorted(group, key=lambda town: (-town.number, town.city)))
        for code, group in countries.items()
    ]
    return sorted(named, key=lambda country: country[1])
