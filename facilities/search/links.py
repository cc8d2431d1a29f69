"""The other forms in which a search can be had: files, a feed, letters, its places, all values of a facet."""

from urllib.parse import urlencode

from flask_babel import lazy_gettext as _

from facilities.search.query import SearchQuery

FILES = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON"}
PAGING = ("page", "per_page", "view")
LONG = 12
"""Values of a facet from which they are searched instead of read."""

FIND = {
    "technique": _("Find a technique"),
    "organisation": _("Find an organisation"),
    "city": _("Find a city"),
    "category": _("Find a category"),
    "country": _("Find a country"),
}
"""What leads to all values of the facets that can be long."""


def other_forms(query: SearchQuery) -> dict[str, object]:
    """Their addresses, by the names the results template gives them."""
    return {
        "files": [(label, address(f"/search.{ending}", query)) for ending, label in FILES.items()],
        "feed_url": address("/search.atom", query, "sort"),
        "save_url": address("/saved-searches/new", query, "sort"),
        "places_url": address("/search/places.json", query, "sort"),
        "find_in": {facet: (label, address("/search/values", query, facet=facet)) for facet, label in FIND.items()},
    }


def address(path: str, query: SearchQuery, *without: str, **also: str) -> str:
    """The path with what the search is about; `without` more of its parameters than those of its pages."""
    args = [(name, value) for name, value in query.args if name not in (*PAGING, *without)]
    pairs = urlencode(args + list(also.items()))
    return f"{path}?{pairs}" if pairs else path
