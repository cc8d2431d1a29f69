"""Saving what an owner wrote: at once, or as a proposal; and what to do when somebody else was quicker."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from facilities.accounts.models import User
from facilities.accounts.rights import may_publish
from facilities.catalogue.actions import change_fields, record, save
from facilities.catalogue.models import Listing, RevisionAct, Status
from facilities.db import db, now
from facilities.moderation.proposals import open_proposal, propose_changes, proposed

Fields = Mapping[str, Any]
TOGETHER = (("lat", "lng"), ("lead_time_min", "lead_time_max"), ("trl_min", "trl_max"))
"""Fields that make sense only as one person wrote them."""
IN_ONE_LANGUAGE = ("language", "name", "summary", "description", "texts")
SETS = ("techniques", "categories")
"""Lists without an order: what one person adds and another removes never collides."""
ABSENT = object()


class _CollideError(Exception):
    """Two people want different things."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A field that two people changed: what it said when the form was opened, what it says now, what was typed.

    Collisions with the same `unit` are decided together.
    """

    name: str
    before: Any
    theirs: Any
    mine: Any
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to. With collisions nothing was saved: `current` is then what the listing says now, `draft` the
    same with all that the author wrote. `waits` if the changes wait for a decision."""

    changed: tuple[str, ...] = ()
    waits: bool = False
    collisions: list[Collision] = field(default_factory=list)
    current: Fields = field(default_factory=dict)
    draft: Fields = field(default_factory=dict)


def editable(listing: Listing, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """What an owner's form shows: what the listing says, or will say when the changes that wait are accepted."""
    return proposed(listing, open_proposal(listing), names)


def save_edit(
    listing: Listing,
    fields: Fields,
    *,
    opened: Fields,
    by: User,
    settled: bool = False,
    confirm: bool = False,
    reviewing: bool = False,
) -> Saved:
    """Save the fields that the author changed since the form was opened (`opened` is what it showed then).

    Fields that only somebody else changed meanwhile keep their change. A field that both changed to different values is
    a collision, unless the author has seen both and chosen (`settled`). With `confirm` the author also gives their word
    that the rest of the published listing is right. `reviewing` puts right what waits for the user's decision: changes
    of a published listing wait with it, and stay those of their author. `listing` must be locked.
    """
    current = editable(listing, tuple(fields))
    wanted, collisions = _compare(current, fields, opened)
    mine = {collision.name: collision.mine for collision in collisions}
    if collisions and not settled:
        return Saved(collisions=collisions, current=current, draft=current | wanted | mine)
    wanted |= mine
    changed = tuple(name for name, value in wanted.items() if current[name] != value)
    confirm = confirm and listing.status == Status.PUBLISHED
    if not changed and not confirm:
        return Saved()
    waits = bool(changed) and listing.status == Status.PUBLISHED and (reviewing or not may_publish(by, listing))
    changes = {}
    if waits:
        propose_changes(listing, wanted, by=by.actor, reviewing=reviewing)
    elif changed:
        _settle_waiting(listing, wanted, by)
        changes = change_fields(listing, wanted)
    _save(listing, changes, by, confirm=confirm)
    return Saved(changed, waits)


def _save(listing: Listing, changes: dict[str, list[Any]], by: User, *, confirm: bool) -> None:
    """Record what became public, and the author's word; commit."""
    if changes:
        record(listing, RevisionAct.EDITED, changes, by=by.actor)
    if confirm:
        listing.confirmed_at, listing.confirmed_by = now(), by.actor.name
        record(listing, RevisionAct.CONFIRMED, {}, by=by.actor)
    if changes or confirm:
        save([listing])
    else:
        db.session.commit()


def _compare(current: Fields, fields: Fields, opened: Fields) -> tuple[dict[str, Any], list[Collision]]:
    """What the author wants the listing to say, and where somebody else wants otherwise."""
    wanted: dict[str, Any] = {}
    collisions: list[Collision] = []
    for unit in _units(current, fields, opened):
        before, theirs, mine = ({name: said.get(name) for name in unit} for said in (opened, current, fields))
        try:
            merged = _merged(unit, before, theirs, mine)
        except _CollideError:
            differing = [name for name in unit if theirs[name] != mine[name]]
            collisions += [Collision(name, before[name], theirs[name], mine[name], unit[0]) for name in differing]
        else:
            wanted |= merged if merged != theirs else {}
    return wanted, collisions


def _units(current: Fields, fields: Fields, opened: Fields) -> Iterator[tuple[str, ...]]:
    """The names of the fields, those together that one person must have written together."""
    groups: tuple[tuple[str, ...], ...] = TOGETHER
    languages = {said["language"] for said in (current, fields, opened) if "language" in said}
    if "language" in fields and len(languages) > 1:
        groups = (*groups, IN_ONE_LANGUAGE)
    left = list(fields)
    while left:
        group = next((group for group in groups if left[0] in group), (left[0],))
        yield tuple(name for name in left if name in group)
        left = [name for name in left if name not in group]


def _merged(unit: tuple[str, ...], before: Fields, theirs: Fields, mine: Fields) -> Fields:
    """What the unit says with the changes of both people. Raises _CollideError if they cannot both have their way."""
    name = unit[0]
    if mine in (before, theirs):
        return theirs
    if theirs == before:
        return mine
    if len(unit) > 1:
        raise _CollideError
    if name in SETS:
        was = set(before[name] or ())
        return {name: sorted((set(theirs[name]) | (set(mine[name]) - was)) - (was - set(mine[name])))}
    return {name: _merged_value(before[name] or {}, theirs[name], mine[name])}


def _merged_value(before: Any, theirs: Any, mine: Any) -> Any:
    """The same for one value; values with named parts are merged part by part."""
    if mine in (before, theirs):
        return theirs
    if theirs == before:
        return mine
    if not all(isinstance(said, dict) for said in (before, theirs, mine)):
        raise _CollideError
    parts = {
        name: _merged_value(*(said.get(name, ABSENT) for said in (before, theirs, mine)))
        for name in dict.fromkeys((*theirs, *mine))
    }
    return {name: value for name, value in parts.items() if value is not ABSENT}


def _settle_waiting(listing: Listing, wanted: Fields, by: User) -> None:
    """A field that is now public at once no longer waits as well."""
    proposal = open_proposal(listing)
    if proposal is None or not proposal.changes.keys() & wanted.keys():
        return
    left = {name: change for name, change in proposal.changes.items() if name not in wanted}
    proposal.changes = left
    if not left:
        propose_changes(listing, {}, by=by.actor)
