"""The other forms in which a search can be had: files, a feed, letters, a map, all values of a facet."""

from dataclasses import replace
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
    values = f"{query.base}/values"
    return {
        "files": [(label, address(f"{query.base}.{ending}", query)) for ending, label in FILES.items()],
        "feed_url": address(f"{query.base}.atom", query, "sort"),
        "save_url": address("/saved-searches/new", query, "sort", **dict(query.fixed)),
        "find_in": {facet: (label, address(values, query, facet=facet)) for facet, label in FIND.items()},
    }


def in_view(query: SearchQuery, view: str) -> str:
    """The address of the same search as a list or on the map, in the same part of the site."""
    part = query.base.rpartition("/")[0]
    return replace(query, base=part + ("/map" if view == "map" else "/search"), page=1, view="list").url


def address(path: str, query: SearchQuery, *without: str, **also: str) -> str:
    """The path with what the search is about; `without` more of its parameters than those of its pages."""
    args = [(name, value) for name, value in query.args if name not in (*PAGING, *without)]
    pairs = urlencode(args + list(also.items()))
    return f"{path}?{pairs}" if pairs else path
