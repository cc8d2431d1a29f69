"""A whole list of members at once, as a file or as text: what it would change, and the change, in one transaction."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from facilities.catalogue.models import Kind, Listing, Organisation, Status
from facilities.catalogue.models.parts import Actor
from facilities.catalogue.names import fold, name_key
from facilities.db import as_id, db
from facilities.exchange.problems import Unreadable
from facilities.exchange.tables.cells import plain
from facilities.exchange.tables.reading import Line, Table, open_table
from facilities.exchange.tables.values import NO, YES, day
from facilities.exchange.tables.writing import as_csv
from facilities.networks.changing import save
from facilities.networks.memberships import put_member, write_member
from facilities.networks.models import Membership, Network

MOST_LINES = 3000
MEANT = {
    "id": "id", "listing": "id", "name": "name", "organisation": "name", "organization": "name", "member": "name",
    "company": "name", "category": "category", "hub": "hub", "since": "since", "member since": "since", "from": "since",
    "until": "until", "to": "until", "founder": "founder", "partner": "partner", "note": "note",
}  # fmt: skip
"""Headings that are understood, folded."""


class CannotRead(Exception):
    """The list cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one line would do. `membership` is the one it is about, None if it makes one; `changes` are
    {field: [before, after]}."""

    line: int
    organisation: Listing
    fields: Mapping[str, Any]
    membership: Membership | None = None
    changes: Mapping[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What a whole list would do; nothing is done while there are `problems`, each (line, words)."""

    added: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    same: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def text_of(file: FileStorage | None, typed: str) -> str:
    """The list as CSV text, whichever way it came. Raises CannotRead."""
    data = file.read() if file is not None and file.filename else typed.encode()
    if not data.strip():
        raise CannotRead(_("Choose a file, or paste the list with its headings."))
    table, lines = _read(data)
    rows = [table.headings, *([line.cells.get(heading, "") for heading in table.headings] for line in lines)]
    return b"".join(as_csv(rows)).decode("utf-8-sig")


def _read(data: bytes) -> tuple[Table, list[Line]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(data)
        try:
            table = open_table(path)
            lines = list(table.rows())
        except Unreadable as unreadable:
            raise CannotRead(str(unreadable)) from unreadable
    if len(lines) > MOST_LINES:
        raise CannotRead(_("Split the list: at most %(most)d lines are read at once.", most=MOST_LINES))
    return table, lines


def plan_of(network: Network, text: str) -> Plan:
    """What the list would change. Organisations are found by their number, else by their name. Raises CannotRead."""
    table, lines = _read(text.encode())
    meant = {heading: MEANT[fold(heading)] for heading in table.headings if fold(heading) in MEANT}
    if not {"id", "name"} & set(meant.values()):
        raise CannotRead(_("The first line must name the columns, one of them id or name."))
    rows = [
        (line.number, {meant[name]: plain(cell) for name, cell in line.cells.items() if name in meant})
        for line in lines
    ]
    plan = Plan(ignored=[heading for heading in table.headings if heading not in meant])
    held = _held(network)
    organisations = _Organisations([cells for _number, cells in rows], held)
    there: set[int] = set()
    for number, cells in rows:
        try:
            organisation = organisations.meant_by(cells)
            if organisation.id in there:
                raise ValueError(_("%(name)s stands in the list twice.", name=organisation.name))
            there.add(organisation.id)
            _add_step(plan, number, organisation, _fields(network, cells), held.get(organisation.id, []))
        except ValueError as problem:
            plan.problems.extend((number, str(words)) for words in problem.args)
    return plan


def carry_out(network: Network, plan: Plan, *, by: Actor) -> None:
    """Do what the plan says, in one commit. The plan was made in this transaction, which holds the network: whose days
    meet, it has seen."""
    for step in plan.added:
        put_member(network, step.organisation, step.fields, by=by)
    for step in plan.changed:
        if step.membership is not None:
            write_member(step.membership, step.fields, by=by)
    save(step.organisation.id for step in (*plan.added, *plan.changed))


def _add_step(plan: Plan, line: int, organisation: Listing, fields: dict[str, Any], held: list[Membership]) -> None:
    # A line with a first day after the last membership's end tells of a new one.
    begins, membership = fields.get("since"), held[-1] if held else None
    if membership is None or (membership.until and begins and begins > membership.until):
        plan.added.append(Step(line, organisation, fields))
        return
    changes = {
        name: [getattr(membership, name), value] for name, value in fields.items() if getattr(membership, name) != value
    }
    if {"since", "until"} & set(changes):
        _check_days(fields, membership, held[:-1])
    if changes:
        plan.changed.append(Step(line, organisation, fields, membership, changes))
    else:
        plan.same += 1


def _check_days(fields: Mapping[str, Any], membership: Membership, earlier: list[Membership]) -> None:
    """Raises ValueError if the membership would end before it begins, or hold beside an earlier one."""
    since, until = (fields.get(name, getattr(membership, name)) for name in ("since", "until"))
    if since and until and until < since:
        raise ValueError(_("The last day is before the first one."))
    first, last = since or date.min, until or date.max
    if any((each.until or date.max) >= first and (each.since or date.min) <= last for each in earlier):
        raise ValueError(_("It has another membership at that time."))


def _held(network: Network) -> dict[int, list[Membership]]:
    """The memberships of each organisation; the last is that which goes on, else that which ended last."""
    rows = db.session.scalars(sa.select(Membership).where(Membership.network_id == network.id))
    held: dict[int, list[Membership]] = {}
    for each in sorted(rows, key=lambda each: (each.until or date.max, each.id)):
        held.setdefault(each.organisation_id, []).append(each)
    return held


class _Organisations:
    """The organisations that a list may mean, read at once: those that everybody may see, and the network's own."""

    def __init__(self, rows: list[dict[str, str]], own: Collection[int]) -> None:
        ids = {as_id(row["id"]) for row in rows if row.get("id")}
        keys = {name_key(row["name"]) for row in rows if row.get("name")}
        which = sa.or_(Organisation.id.in_(ids), Organisation.name_key.in_(keys))
        query = sa.select(Organisation).where(which, Listing.kind == Kind.ORGANISATION)
        listed = [each for each in db.session.scalars(query) if each.status != Status.MERGED]
        found = [each for each in listed if each.status == Status.PUBLISHED or each.id in own]
        self.by_id = {each.id: each for each in found}
        self.by_name: dict[str, list[Organisation]] = {}
        for each in found:
            self.by_name.setdefault(each.name_key, []).append(each)

    def meant_by(self, cells: Mapping[str, str]) -> Organisation:
        """Raises ValueError with what to do."""
        if number := cells.get("id"):
            if (found := self.by_id.get(as_id(number))) is not None:
                return found
            raise ValueError(_("No organisation here has the number %(number)s.", number=number))
        name = cells.get("name", "")
        alike = self.by_name.get(name_key(name), []) if name else []
        if len(alike) == 1:
            return alike[0]
        if alike:
            raise ValueError(
                _("%(count)d organisations are called %(name)s: give the id.", count=len(alike), name=name)
            )
        raise ValueError(_("“%(name)s” is not in the catalogue: add it first, or give its id.", name=name))


def _fields(network: Network, cells: Mapping[str, str]) -> dict[str, Any]:
    """What a line says of the membership: only columns that the list has. Raises ValueError with all that is wrong."""
    fields: dict[str, Any] = {}
    wrong: list[Any] = []
    for column, (name, read) in _readers(network).items():
        if column in cells:
            try:
                fields[name] = read(cells[column])
            except ValueError as problem:
                wrong.extend(problem.args)
    since, until = fields.get("since"), fields.get("until")
    if since and until and until < since:
        wrong.append(_("The last day is before the first one."))
    if wrong:
        raise ValueError(*wrong)
    return fields


def _readers(network: Network) -> dict[str, tuple[str, Callable[[str], Any]]]:
    """{column: (field, how it is read)}; each raises ValueError."""
    return {
        "category": ("category_id", lambda said: _category(network, said)),
        "hub": ("hub_id", lambda said: _hub(network, said)),
        "since": ("since", _day),
        "until": ("until", _day),
        "founder": ("founder", _yes),
        "partner": ("partner", _yes),
        "note": ("note", str),
    }


def _category(network: Network, said: str) -> int:
    if (found := _called(network.categories, said)) is None:
        raise ValueError(_("The network has no category “%(name)s”.", name=said))
    return found


def _hub(network: Network, said: str) -> int:
    if (found := _called(network.hubs, said)) is None:
        raise ValueError(_("The network has no hub “%(name)s”.", name=said))
    return found


def _called(rows: list[Any], said: str) -> int | None:
    for row in rows:
        if fold(said) in {fold(row.slug), *(fold(str(name)) for name in row.names.values())}:
            return int(row.id)
    return None


def _day(text: str) -> date:
    try:
        return day(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is no date: write it as 2026-12-31.", text=text)) from None


def _yes(text: str) -> bool:
    said = fold(text)
    if said not in YES | NO:
        raise ValueError(_("“%(text)s” is neither yes nor no: write yes or no.", text=text))
    return said in YES
