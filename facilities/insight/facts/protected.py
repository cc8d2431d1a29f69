"""Numbers that are made of what single organisations state, for every scope at once: a number of one scope can only be
withheld rightly by who knows what the others show."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.db import db
from facilities.enquiries.reminders.answer_times import LEAST as LEAST_ANSWERS
from facilities.enquiries.reminders.answer_times import usual
from facilities.formats import site_today
from facilities.insight.facts.contributions import Contribution, contributions
from facilities.insight.facts.equations import Unknowns
from facilities.insight.facts.frozen import ALL, FINGERPRINT, Frozen, Marks, editions, mark, who
from facilities.insight.facts.solving import withheld_also
from facilities.insight.facts.suppression import Sum, Why, withheld
from facilities.networks.models import Hub, Membership, Network, in_force

FIGURES = ("size", "employees", "turnover", "pipeline", "indications", "enquiries", "answers")
WITHOUT_SUM = ("turnover", "answers")
"""Amounts in different currencies are not added, nor are days."""

SOLVED = ("size", "employees", "turnover", "pipeline", "indications", "enquiries")
"""Figures whose numbers are sums, of ones or of amounts."""

OPEN_SUM = ("size", ALL)
"""How many organisations state their employees is said with each figure as its coverage."""

Cell = tuple[str, str, str]
"""Figure, scope, key."""


@dataclass(slots=True)
class Protected:
    """The cells of all scopes: what is in them by organisation, and which are withheld."""

    cells: dict[Cell, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    hidden: set[Cell] = field(default_factory=set)
    hidden_by_editions: set[Cell] = field(default_factory=set)
    """Those that would be shown if nothing had been frozen."""

    def amounts(self, figure: str, scope: str) -> dict[str, int | None]:
        """By key, what a figure shows of a scope: the sum, or None where it is withheld."""
        keys = [cell[2] for cell in self.cells if cell[:2] == (figure, scope)]
        return {key: self._amount((figure, scope, key)) for key in keys}

    def stating(self, figure: str, scope: str) -> set[int]:
        """The organisations that say anything of a figure."""
        return {id_ for cell, by in self.cells.items() if cell[:2] == (figure, scope) for id_ in by}

    def why(self, figure: str, scope: str) -> str:
        """The reason why something of a figure is withheld; empty if nothing is."""
        hidden = {cell for cell in self.hidden if cell[:2] == (figure, scope)}
        if not hidden:
            return ""
        return (Why.EDITION if hidden & self.hidden_by_editions else Why.FEW).value

    def marks(self, scope: str) -> Marks:
        """Fingerprints of what each cell shown is made of, for an edition to keep: it can be told how many
        organisations a later number differs by. They are shown nowhere."""
        return self._marks_of(cell for cell in self.cells if cell[1] == scope and cell not in self.hidden)

    def marks_withheld(self, scope: str) -> Marks:
        """Those of each cell that is withheld in a sum that is shown: it can be told what the sum was made of, after
        organisations have changed or left."""
        sums = {figure for figure in FIGURES if (figure, scope, ALL) in self.cells.keys() - self.hidden}
        return self._marks_of(cell for cell in self.hidden if cell[1] == scope and cell[0] in sums)

    def _marks_of(self, cells: Iterable[Cell]) -> Marks:
        return {f"{cell[0]}|{cell[2]}": sorted(self._marks(cell)) for cell in cells}

    def hide(self, sums: Iterable[Sum], frozen: Collection[Frozen]) -> None:
        """Decide what is withheld, from those too who have all editions."""
        tied = list(sums)
        self.hidden = self._hidden(tied, frozen)
        self.hidden_by_editions = self.hidden - self._hidden(tied, ()) if frozen else set()

    def _hidden(self, sums: Collection[Sum], frozen: Collection[Frozen]) -> set[Cell]:
        behind: dict[Any, frozenset[int]] = {
            cell: frozenset(by) for cell, by in self.cells.items() if (cell[0], cell[2]) != OPEN_SUM
        }
        changed = {cell for each in frozen for cell in (*self._too_like(each.scope, each.shown), *self._untold(each))}
        hidden: set[Any] = withheld(behind, sums, {*changed, *self._too_few_answers()})
        for figure in SOLVED:
            cells = self._unknowns(figure)
            open_ = {unknowns for cell, unknowns in cells.items() if (figure, cell[2]) == OPEN_SUM}
            hidden |= withheld_also(cells, hidden, open_ | self._frozen(figure, frozen))
        return hidden

    def _unknowns(self, figure: str) -> dict[Cell, Unknowns]:
        """What each cell of a figure is the sum of."""
        found: dict[Cell, Unknowns] = {}
        sums: defaultdict[Cell, set[tuple[Hashable, str]]] = defaultdict(set)
        for cell, by in self.cells.items():
            if cell[0] == figure and cell[2] != ALL:
                found[cell] = frozenset((id_, cell[2]) for id_ in by)
                sums[figure, cell[1], ALL] |= found[cell]
        return found | {cell: frozenset(unknowns) for cell, unknowns in sums.items() if cell in self.cells}

    def _frozen(self, figure: str, frozen: Collection[Frozen]) -> set[Unknowns]:
        """What each number of the editions is the sum of: what is still stated today is the same unknown."""
        numbers = {number for each in frozen for number in each.numbers(figure)}
        today = self._stated(figure) if numbers else {}
        people = {who(of): id_ for (_key, of), (id_, _same) in today.items()}

        def unknown(key: str, of: str) -> tuple[Hashable, str]:
            return today.get((key, of)) or (people.get(who(of), who(of)), f"{key} {of}")

        return {frozenset(unknown(*each) for each in number) for number in numbers}

    def _stated(self, figure: str) -> dict[tuple[str, str], tuple[int, str]]:
        """By key and mark, what is stated today anywhere on the site: organisation and key."""
        cells = {key: by for (name, scope, key), by in self.cells.items() if (name, scope) == (figure, "site")}
        said = ((key, id_, amounts) for key in cells.keys() - {ALL} for id_, amounts in cells[key].items())
        return {(key, mark(id_, amounts)): (id_, key) for key, id_, amounts in said}

    def _amount(self, cell: Cell) -> int | None:
        if cell in self.hidden:
            return None
        amounts = [amount for by in self.cells[cell].values() for amount in by]
        return usual(amounts) if cell[0] == "answers" else sum(amounts)

    def _too_few_answers(self) -> set[Cell]:
        return {
            cell for cell, by in self.cells.items()
            if cell[0] == "answers" and sum(map(len, by.values())) < LEAST_ANSWERS
        }  # fmt: skip

    def _too_like(self, scope: str, marks: Marks) -> Iterator[Cell]:
        """Cells that differ from those of an edition by so few organisations that the difference tells about them, or
        that cannot be compared: the edition has fingerprints of another make."""
        for name, before in marks.items():
            figure, _bar, key = name.partition("|")
            changed = {who(of) for of in {*before} ^ self._marks((figure, scope, key))}
            if 0 < len(changed) < 3 or any(len(each) != FINGERPRINT for each in changed):
                yield figure, scope, key

    def _untold(self, edition: Frozen) -> Iterator[Cell]:
        """All cells of figures that an edition shows a sum of without saying what it was made of: in every scope, for
        what follows from the sum and those is not seen."""
        figures = edition.untold()
        yield from (cell for cell in self.cells if cell[0] in figures)

    def _marks(self, cell: Cell) -> set[str]:
        by = self.cells.get(cell, {})
        return {mark(id_, amounts) for id_, amounts in by.items()}


def protected_cells() -> Protected:
    """All of them, in nine SELECTs however many scopes there are."""
    found, scopes = Protected(), _scopes()
    within = {scope: members for scope, (members, _above) in scopes.items()}
    for each in contributions(site_today()):
        for scope, members in within.items():
            if each.organisation in members:
                _put(found, scope, each)
    found.hide(_sums(found, scopes), editions())
    return found


def _put(found: Protected, scope: str, each: Contribution) -> None:
    keys = (each.key,) if each.figure in WITHOUT_SUM else (each.key, ALL)
    for key in keys:
        found.cells[each.figure, scope, key][each.organisation].append(each.amount)


Scopes = Mapping[str, tuple[frozenset[int], Collection[str]]]
"""By key: the organisations of a scope, and those scopes that hold all of them."""


def _scopes() -> Scopes:
    """The site, every network and every hub. A hub lies in its network, all lie in the site, and a network in each that
    has all its members."""
    organisations = sa.select(LISTINGS.c.id).where(
        LISTINGS.c.status == Status.PUBLISHED, LISTINGS.c.kind == Kind.ORGANISATION
    )
    members = {"site": frozenset(db.session.scalars(organisations))}
    members |= {key: frozenset(ids) & members["site"] for key, ids in _members().items()}
    return _scopes_around(members)


def _scopes_around(members: Mapping[str, frozenset[int]]) -> Scopes:
    return {
        key: (ids, [other for other, others in members.items() if _lies_in(key, ids, other, others)])
        for key, ids in members.items()
    }


def _lies_in(key: str, ids: frozenset[int], other: str, others: frozenset[int]) -> bool:
    if other == key or other.startswith("hub/"):
        return False
    return ids < others or (ids == others and (other == "site" or key.startswith("hub/") or other < key))


def _members() -> dict[str, set[int]]:
    """The members of today by network and by hub."""
    query = (
        sa.select(Membership.organisation_id, Network.slug, Hub.slug)
        .join(Network, Membership.network_id == Network.id)
        .outerjoin(Hub, Membership.hub_id == Hub.id)
        .where(in_force(site_today()))
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for id_, network, hub in db.session.execute(query):
        found[f"network/{network}"].add(id_)
        if hub:
            found[f"hub/{network}/{hub}"].add(id_)
    return found


def _sums(found: Protected, scopes: Scopes) -> Iterator[Sum]:
    """What somebody can subtract: the years from the sum, hubs from their network, a scope from one around it."""
    yield from _within(found)
    for figure, key in {(figure, key) for figure, _scope, key in found.cells if figure != "answers"} - {OPEN_SUM}:
        cells = {scope: frozenset(found.cells.get((figure, scope, key), ())) for scope in scopes}
        for scope, (_ids, around) in scopes.items():
            for other in around:
                besides = cells[other] - cells[scope]
                yield Sum((figure, other, key), ((figure, scope, key),), besides)
        yield from _of_hubs(figure, key, cells)


def _within(found: Protected) -> Iterator[Sum]:
    parts: defaultdict[Cell, list[Cell]] = defaultdict(list)
    for figure, scope, key in found.cells:
        if key != ALL and figure not in WITHOUT_SUM:
            parts[figure, scope, ALL].append((figure, scope, key))
    yield from (Sum(whole, tuple(cells)) for whole, cells in parts.items())


def _of_hubs(figure: str, key: str, cells: Mapping[str, frozenset[int]]) -> Iterator[Sum]:
    for network in (scope for scope in cells if scope.startswith("network/")):
        hubs = [scope for scope in cells if scope.startswith(f"hub/{network.removeprefix('network/')}/")]
        besides = cells[network].difference(*(cells[hub] for hub in hubs))
        if hubs:
            yield Sum((figure, network, key), tuple((figure, hub, key) for hub in hubs), besides)
