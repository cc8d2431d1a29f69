"""The matrix of roles and kinds, and the organisations that state no role."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone
from facilities.catalogue.queries import published_by_ids
from facilities.exchange.tables.writing import as_csv
from facilities.formats import site_today
from facilities.insight.roles.choices import choices
from facilities.insight.roles.matrix import KEPT, ORGANISATIONS, Addresses, Matrix, matrix_of, selection, without_role
from facilities.networks.scope import entered
from facilities.networks.searching import query_here
from facilities.paging import asked_page, pages_of
from facilities.search.index import index
from facilities.search.narrowing import unknown_town
from facilities.search.near import RADII
from facilities.search.query import SearchQuery

bp = Blueprint("roles", __name__)
PER_PAGE = 50


@bp.get("/roles")
@bp.get("/networks/<slug>/roles")
@allow(anyone)
def matrix(slug: str = "") -> ResponseReturnValue:
    """Roles against kinds, each cell a list and a map."""
    query, addresses = _asked(slug)
    found = matrix_of(query, addresses) if index().exists() else None
    return render_template(
        "roles/matrix.html",
        matrix=found,
        query=query,
        addresses=addresses,
        choices=choices(query, KEPT, ORGANISATIONS) if found else [],
        csv_url=replace(query, base=f"{addresses.matrix}.csv").url,
        none_url=replace(query, base=f"{addresses.matrix}/none").url,
        today=site_today(),
        said_by_words={},
        unknown_town=unknown_town(query),
        radii=RADII,
    )


@bp.get("/roles.csv")
@bp.get("/networks/<slug>/roles.csv")
@allow(anyone)
def matrix_csv(slug: str = "") -> ResponseReturnValue:
    """The numbers of the matrix as a file."""
    query, addresses = _asked(slug)
    rows = _rows(matrix_of(query, addresses)) if index().exists() else iter([])
    response = Response(b"".join(as_csv(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=roles.csv"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/roles/none")
@bp.get("/networks/<slug>/roles/none")
@allow(anyone)
def without(slug: str = "") -> ResponseReturnValue:
    """The organisations of a selection that state no role."""
    query, addresses = _asked(slug)
    ids = without_role(query)
    first = (asked_page() - 1) * PER_PAGE
    return render_template(
        "roles/none.html",
        listings=published_by_ids(ids[first : first + PER_PAGE]),
        total=len(ids),
        pages=pages_of(len(ids), PER_PAGE),
        matrix_url=replace(query, base=addresses.matrix).url,
    )


def _asked(slug: str) -> tuple[SearchQuery, Addresses]:
    """The selection that the address asks for, and where its pages are."""
    query = selection(query_here(slug))
    network = entered()
    addresses = Addresses.of(network.path) if slug and network else Addresses()
    return replace(query, base=addresses.matrix), addresses


def _rows(matrix: Matrix) -> Iterator[list[str]]:
    """Headings are the same in every language, as those of all files."""
    yield ["Role", "Name", *(kind.value for kind in matrix.kinds), "Organisations in all"]
    for row in matrix.rows:
        yield [row.role.slug, row.role.label, *(str(cell.count) for cell in row.cells), str(row.total)]
    yield ["", _("No role stated"), *(str(number) for number in matrix.without.values()), str(matrix.without_total)]
    yield ["", _("All organisations"), *(str(number) for number in matrix.kinds.values()), str(matrix.total)]
