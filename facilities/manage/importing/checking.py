"""The check of a file: everything that an import would do and every error, without writing to the database.

It only reads: on SQLite in a transaction that never takes the write lock, so that others go on working meanwhile.
"""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.db import db
from facilities.exchange.problems import Problem
from facilities.exchange.tables.reading import Table
from facilities.manage.importing.findings import Findings, Reporter
from facilities.manage.importing.orders import Order
from facilities.manage.importing.planned import Planned, Result
from facilities.manage.importing.planning import Planner
from facilities.manage.importing.rows import planned_rows
from facilities.manage.queries import tree_ids
from facilities.moderation.duplicates import Finder
from facilities.moderation.likeness import Traits

LONGEST = 1500
"""Characters of a text that a difference shows; the listing gets all of it."""

MOST_LIKELY = 3


class Digest:
    """What was planned, in short: the same plan has the same digest."""

    def __init__(self) -> None:
        self._sum = sha256()

    def add(self, row: Planned) -> None:
        if row.result != Result.UNCHANGED:
            self._sum.update(f"{row.mark}\n".encode())

    def __str__(self) -> str:
        return self._sum.hexdigest()


def check(order: Order, table: Table) -> dict[str, Any]:
    """What an import would do, as its report: counts by result, the digest of the plan. The rest are findings."""
    reporter, digest = Reporter(order.run_id, table.rows_total), Digest()
    planner, finder = Planner(order), Finder.load(narrow=_open_to_importer(order))
    counts = {result.value: 0 for result in Result}
    with Findings(order.run_id) as findings:
        for rows in planned_rows(planner, table):
            for row in rows:
                counts[row.result.value] += 1
                digest.add(row)
                _write(findings, row)
                _write_likely(findings, row, order, finder)
            db.session.expunge_all()
            reporter.note(len(rows))
        for listing_id, name in planner.gone():
            findings.add("gone", {"id": listing_id, "name": name})
        found = dict(findings.counts)
    db.session.rollback()
    return {"counts": counts, "found": found, "digest": str(digest), "proposes": not order.publishes}


def _open_to_importer(order: Order) -> sa.ColumnElement[bool]:
    """What rows are compared with: what is public, and the listings of the importer's own organisation."""
    own = LISTINGS.c.id.in_(tree_ids([order.top or order.below]))
    return sa.or_(LISTINGS.c.status == Status.PUBLISHED, own)


def _write(findings: Findings, row: Planned) -> None:
    for problem in row.problems:
        findings.add("problems", _problem(problem, row))
    said = {"row": row.number, "name": row.name, "kind": row.kind}
    if row.result == Result.CREATED:
        fields = {name: [None, _short(value)] for name, value in row.fields.items()}
        findings.add("created", said | {"changes": fields})
    elif row.result == Result.UPDATED:
        changes = {name: [_short(before), _short(after)] for name, (before, after) in row.changes.items()}
        more = {"id": row.listing_id, "changes": changes, "waits": row.proposes, "joins": row.joins}
        findings.add("updated", said | more)


def _problem(problem: Problem, row: Planned) -> dict[str, Any]:
    return {
        "row": problem.row,
        "key": problem.field,
        "reason": problem.reason,
        "fatal": problem.fatal,
        "name": row.name,
    }


def _short(value: Any) -> Any:
    """A text cut to what a difference shows."""
    return f"{value[:LONGEST]} …" if isinstance(value, str) and len(value) > LONGEST else value


def _write_likely(findings: Findings, row: Planned, order: Order, finder: Finder) -> None:
    """Listings that look like what a row would create."""
    if row.result != Result.CREATED:
        return
    parent = row.parent if isinstance(row.parent, int) else 0
    kind = row.kind or Kind.INSTRUMENT
    traits = Traits.of(kind, row.fields, parent=parent, organisation=order.top or 0)
    for listing_id, signs in finder.like(traits)[:MOST_LIKELY]:
        said = {"row": row.number, "name": row.name, "id": listing_id, "signs": [sign.value for sign in signs]}
        findings.add("likely", said)
