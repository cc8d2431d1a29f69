"""The numbers of a place: how much there is around it, as the index counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue.gazetteer import Found
from facilities.catalogue.models import Kind, OfferKind, OrganisationKind
from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.near import spot
from facilities.search.query import SearchQuery
from search_index import Result

COMPANIES = (OrganisationKind.COMPANY, OrganisationKind.SERVICE_COMPANY, OrganisationKind.SUPPLIER)
MOST_VALUES = 200
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a place and the address of the search whose results it counts."""

    label: LazyString
    number: int
    url: str


def around(town: Found, radius: int, **filters: tuple[str, ...]) -> SearchQuery:
    """The search for what is within `radius` km of a town, nearest first."""
    return SearchQuery(near=_said(town), radius=radius, filters=filters, sort="distance")


def _said(town: Found) -> str:
    """The town as an address of a search names it; by its degrees where another town is better known by its name."""
    named = spot(town.name)
    by_name = named is not None and (named.lat, named.lng) == (town.lat, town.lng)
    return town.name if by_name else f"{town.lat:g},{town.lng:g}"


def asked(query: SearchQuery, **changes: Any) -> Result:
    """What the index answers; nothing while it is being built."""
    usual: dict[str, Any] = {"limit": 0, "facets": (), "snippets": False}
    return ask(query, **usual | changes).found if index().exists() else Result()


def counts(query: SearchQuery, *facets: str) -> list[Counts]:
    """How many of a search's results have each value of each facet, the most frequent first."""
    found = asked(query, facets=facets, facet_limit=MOST_VALUES).facets
    return [dict(found.get(facet, ())) for facet in facets]


def lines_of(town: Found, radius: int) -> list[Line]:
    """The numbers by which places are compared."""
    kinds, offers = counts(around(town, radius), "kind", "offer")
    [types] = counts(around(town, radius, kind=(Kind.ORGANISATION.value,)), "organisation_kind")
    number = sum(types.get(each, 0) for each in COMPANIES)
    companies = {"kind": (Kind.ORGANISATION.value,), "organisation_kind": tuple(each.value for each in COMPANIES)}

    def of_offers(kind: OfferKind) -> Line:
        return Line(OFFERS[kind], offers.get(kind, 0), around(town, radius, offer=(kind.value,)).url)

    def of_kind(kind: Kind) -> Line:
        return Line(KINDS[kind], kinds.get(kind, 0), around(town, radius, kind=(kind.value,)).url)

    return [
        of_offers(OfferKind.PREMISES),
        of_kind(Kind.ORGANISATION),
        Line(_("of them companies"), number, around(town, radius, **companies).url),
        of_kind(Kind.FACILITY),
        of_kind(Kind.INSTRUMENT),
        of_kind(Kind.SERVICE),
        of_offers(OfferKind.FUNDING),
    ]  # fmt: skip


KINDS = {
    Kind.ORGANISATION: _("Organisations"),
    Kind.FACILITY: _("Core facilities"),
    Kind.INSTRUMENT: _("Instruments"),
    Kind.SERVICE: _("Services"),
}
OFFERS = {OfferKind.PREMISES: _("Premises free"), OfferKind.FUNDING: _("Offers of funding")}
