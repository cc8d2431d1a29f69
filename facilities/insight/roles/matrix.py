"""Roles in the value chain against kinds of organisation: how many organisations there are of each.

All numbers are the search engine's, so that each is what the list behind it holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, sqrt

from flask_babel import format_decimal
from flask_babel import gettext as _

from facilities.catalogue.models import ActorRole, Kind, OrganisationKind
from facilities.catalogue.roles import all_roles
from facilities.search.hits import exact_hits
from facilities.search.index import index
from facilities.search.query import SearchQuery
from search_index import Result

KEPT = ("country", "network", "hub", "sector")
"""What the matrix can be narrowed by, besides a place and its surroundings."""

TINTS = 4
ORGANISATIONS = {"kind": (Kind.ORGANISATION.value,)}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the numbers lead, and the pages of the matrix itself: those of the site, or of a network's part."""

    matrix: str = "/roles"
    search: str = "/search"
    map: str = "/map"
    ask: str = "/ask"

    @classmethod
    def of(cls, network_path: str) -> "Addresses":
        return cls(f"{network_path}/roles", f"{network_path}/search", f"{network_path}/map", f"{network_path}/ask")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many organisations, their list and their map; `tint` is from 0 for none to TINTS for as many as anywhere. A
    gap leads nowhere."""

    kind: OrganisationKind
    count: int
    tint: int
    list_url: str
    map_url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A role with a cell for each kind. `total` counts each organisation once."""

    role: ActorRole
    cells: list[Cell]
    total: int
    list_url: str
    map_url: str

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.count]


@dataclass(frozen=True)
class Matrix:
    """`kinds` are those with any organisation at all in the selection, with their numbers; `absent` the others.
    `without` are organisations that state no role, by kind."""

    query: SearchQuery
    rows: list[Row]
    kinds: dict[OrganisationKind, int]
    total: int
    without: dict[OrganisationKind, int]
    without_total: int

    @property
    def absent(self) -> list[OrganisationKind]:
        return [kind for kind in OrganisationKind if kind not in self.kinds]

    @cached_property
    def standing_out(self) -> list[str]:
        """What a reader should see first, in sentences."""
        return list(_standing_out(self.rows))


def selection(query: SearchQuery) -> SearchQuery:
    """The search for all organisations that what the address asks for narrows the matrix to."""
    kept = {facet: values for facet, values in query.filters.items() if facet in KEPT}
    plain = SearchQuery(filters=kept, near=query.near, radius=query.radius if query.near else None)
    return replace(plain, base=query.base, fixed=query.fixed, dropped=query.dropped)


def matrix_of(query: SearchQuery, addresses: Addresses) -> Matrix:
    """The matrix of a selection."""
    roles = all_roles()
    everybody, anyone = _counted(query, {}), _counted(query, {"role": tuple(role.slug for role in roles)})
    kinds = {kind: number for kind in OrganisationKind if (number := _by_kind(everybody).get(kind.value, 0))}
    found = [(role, _counted(query, {"role": (role.slug,)})) for role in roles]
    kept = [(role, result) for role, result in found if result.total or role.retired_at is None]
    most = max((count for _role, result in kept for count in _by_kind(result).values()), default=0)
    with_role = _by_kind(anyone)
    return Matrix(
        query=query,
        rows=[_row(query, addresses, role, result, list(kinds), most) for role, result in kept],
        kinds=kinds,
        total=everybody.total,
        without={kind: number - with_role.get(kind.value, 0) for kind, number in kinds.items()},
        without_total=everybody.total - anyone.total,
    )


def without_role(query: SearchQuery) -> list[int]:
    """The ids of the organisations of a selection that state no role, in the order of their names."""
    everybody = replace(query, filters={**query.filters, **ORGANISATIONS}, sort="name")
    roles = tuple(role.slug for role in all_roles())
    stated = set(exact_hits(replace(everybody, filters={**everybody.filters, "role": roles}))) if roles else set()
    return [id_ for id_ in exact_hits(everybody) if id_ not in stated]


def _counted(query: SearchQuery, filters: Mapping[str, tuple[str, ...]]) -> Result:
    """How many organisations of the selection pass these filters too, all and by kind."""
    narrowed = replace(query, filters={**query.filters, **ORGANISATIONS, **filters})
    asked = replace(narrowed.for_index(), limit=0, offset=0, facets=("organisation_kind",), snippets=False)
    return index().search(replace(asked, forgiving=False))


def _by_kind(result: Result) -> dict[str, int]:
    return dict(result.facets.get("organisation_kind", ()))


def _row(
    query: SearchQuery,
    addresses: Addresses,
    role: ActorRole,
    result: Result,
    kinds: Sequence[OrganisationKind],
    most: int,
) -> Row:
    counts = _by_kind(result)
    cells = [_cell(query, addresses, role, kind, counts.get(kind.value, 0), most) for kind in kinds]
    return Row(role, cells, result.total, *_urls(query, addresses, {"role": (role.slug,)}))


def _cell(
    query: SearchQuery, addresses: Addresses, role: ActorRole, kind: OrganisationKind, count: int, most: int
) -> Cell:
    if not count:
        return Cell(kind, 0, 0, "", "")
    found = {"role": (role.slug,), "organisation_kind": (kind.value,)}
    return Cell(kind, count, ceil(TINTS * sqrt(count / most)), *_urls(query, addresses, found))


def _urls(query: SearchQuery, addresses: Addresses, filters: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """The list and the map of the organisations of a selection that pass these filters too."""
    listed = replace(query, base=addresses.search, filters={**query.filters, **ORGANISATIONS, **filters}).url
    return listed, addresses.map + listed.removeprefix(addresses.search)


def _standing_out(rows: Sequence[Row]) -> Iterator[str]:
    cells = [(cell.count, row, cell) for row in rows for cell in row.filled]
    if cells:
        count, row, cell = max(cells, key=lambda each: each[0])
        yield _(
            "The largest group: %(role)s, %(kind)s, with %(count)s.",
            role=row.role.label, kind=str(cell.kind.label).lower(), count=format_decimal(count),
        )  # fmt: skip
    offered = [row for row in rows if row.role.retired_at is None]
    if nobody := [row.role.label for row in offered if not row.total]:
        yield _("Nobody has the role: %(roles)s.", roles=", ".join(nobody))
    if alone := [row.role.label for row in offered if row.total == 1]:
        yield _("Only one organisation has the role: %(roles)s.", roles=", ".join(alone))
    if offered and not nobody and not alone:
        yield _("Every role has at least two organisations.")
