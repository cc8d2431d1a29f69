"""The rows of a file in the order in which they are imported: what others may belong to first."""

from collections.abc import Iterable, Iterator

from facilities.exchange.tables.reading import Line, Table
from facilities.manage.importing.planned import Planned
from facilities.manage.importing.planning import Planner


def planned_rows(planner: Planner, table: Table) -> Iterator[list[Planned]]:
    """Batches of planned rows: organisations and facilities, then everything else."""
    yield from planner.plan(_only(planner, table.rows(), places=True))
    yield from planner.plan(_only(planner, table.rows(), places=False))


def _only(planner: Planner, lines: Iterable[Line], *, places: bool) -> Iterator[Line]:
    return (line for line in lines if planner.is_place(line) == places)
