"""What the desk does with roles in the value chain: each act is in the log, and the index follows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from facilities.accounts.models import User
from facilities.catalogue.actions import change_fields, record
from facilities.catalogue.models import LISTINGS, ActorRole, Organisation, RevisionAct, Status
from facilities.catalogue.names import fold
from facilities.catalogue.roles import all_roles, read_anew
from facilities.db import db, now, writing
from facilities.moderation.decisions import note_act
from facilities.moderation.models import DecisionAct
from facilities.search.index import follow, mark
from facilities.search.queries import listing_and_descendants

MOST_AT_ONCE = 300
"""Listings that are indexed anew before the desk sees the next page; more are left to the worker."""

GONE = (Status.MERGED,)


class CannotMergeRoles(ValueError):
    """The two are one and the same, or the one to keep is not offered."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a role is to say. Labels and descriptions by language; `position` is its place among all, from 1."""

    labels: dict[str, str]
    descriptions: dict[str, str]
    topics: list[str]
    position: int


def role_called(slug: str, *, to_change: bool = False) -> ActorRole | None:
    """The role with that slug. Who means `to_change` it waits for whoever is doing so."""
    query = sa.select(ActorRole).where(ActorRole.slug == slug)
    return db.session.scalar(query.with_for_update() if to_change else query)


def numbers() -> Mapping[str, int]:
    """How many organisations have each role, published or not, by slug."""
    return Counter(slug for _id, slugs in _stated() for slug in slugs)


def organisations_with(slug: str) -> list[int]:
    """The ids of the organisations that have a role, published or not."""
    return [id_ for id_, slugs in _stated() if slug in slugs]


def add_role(slug: str, said: Said, *, by: User) -> ActorRole:
    """Add a role, to be chosen from now on."""
    role = ActorRole(slug=slug)
    _write(role, said)
    db.session.add(role)
    _put_at(role, said.position)
    _note(role, DecisionAct.ACCEPTED, by, _("New role."))
    _save([])
    return role


def change_role(role: ActorRole, said: Said, *, by: User) -> bool:
    """Have a role say this; whether that is anything new."""
    if said == said_by(role):
        return False
    _write(role, said)
    _put_at(role, said.position)
    _note(role, DecisionAct.ACCEPTED_EDITED, by, _("Role changed."))
    _save(organisations_with(role.slug))
    return True


def retire_role(role: ActorRole, *, by: User) -> None:
    """Offer a role no longer; what has it keeps it."""
    role.retired_at = now()
    _note(role, DecisionAct.WITHDRAWN, by, _("Offered no longer."))
    _save([])


def bring_back_role(role: ActorRole, *, by: User) -> None:
    """Offer a role again."""
    role.retired_at, role.successor_id = None, None
    _note(role, DecisionAct.RESTORED, by, _("Offered again."))
    _save([])


def merge_roles(merged: ActorRole, kept: ActorRole, *, by: User) -> int:
    """Give every organisation with the first role the second instead; how many were changed.

    The first is retired, imports that name it get the second, and the second is found by all that the first was. Raises
    CannotMergeRoles.
    """
    if merged.id == kept.id or kept.retired_at is not None:
        raise CannotMergeRoles(merged.slug)
    ids = organisations_with(merged.slug)
    for organisation in _to_change(ids):
        roles = [kept.slug if slug == merged.slug else slug for slug in organisation.roles]
        changes = change_fields(organisation, {"roles": list(dict.fromkeys(roles))})
        record(organisation, RevisionAct.EDITED, changes, by=by.actor, note=_("Two roles became one."))
    kept.topics = list(dict.fromkeys([*kept.topics, *map(str, merged.labels.values()), *merged.topics]))
    merged.retired_at, merged.successor_id = merged.retired_at or now(), kept.id
    _note(merged, DecisionAct.MERGED, by, _("Became one with “%(name)s”.", name=kept.labels["en"]))
    _save(organisations_with(kept.slug))
    return len(ids)


def said_by(role: ActorRole) -> Said:
    """What a role says now."""
    place = [each.id for each in all_roles()].index(role.id) + 1
    return Said(dict(role.labels), dict(role.descriptions), list(role.topics), place)


def role_named(name: str, *, but: ActorRole | None = None) -> ActorRole | None:
    """Another role that is called so in some language."""
    others = [role for role in all_roles() if but is None or role.id != but.id]
    wanted = fold(name)
    return next((role for role in others if wanted in map(fold, map(str, role.labels.values()))), None)


def _write(role: ActorRole, said: Said) -> None:
    role.labels, role.descriptions, role.topics = said.labels, said.descriptions, said.topics


def _put_at(role: ActorRole, position: int) -> None:
    """Have a role be at a place among all, counted from 1; the others keep their order."""
    db.session.flush()
    read_anew()
    others = [each for each in all_roles() if each.id != role.id]
    others.insert(position - 1, role)
    for place, each in enumerate(others):
        each.position = place


def _stated() -> list[tuple[int, list[str]]]:
    """(id, roles) of every organisation that states any."""
    organisations = Organisation.__table__
    states = sa.cast(organisations.c.roles, sa.Text) != "[]"
    query = sa.select(organisations.c.id, organisations.c.roles).where(states)
    live = query.join(LISTINGS, LISTINGS.c.id == organisations.c.id).where(LISTINGS.c.status.not_in(GONE))
    return [(id_, roles or []) for id_, roles in db.session.execute(live)]


def _to_change(ids: list[int]) -> list[Organisation]:
    """The organisations, locked in the order of their ids and read after the lock."""
    writing()
    found: list[Organisation] = []
    for start in range(0, len(ids), 500):
        some = LISTINGS.c.id.in_(ids[start : start + 500])
        db.session.execute(sa.select(LISTINGS.c.id).where(some).order_by(LISTINGS.c.id).with_for_update())
        query = sa.select(Organisation).where(some).order_by(LISTINGS.c.id)
        found += db.session.scalars(query.execution_options(populate_existing=True))
    return found


def _note(role: ActorRole, act: DecisionAct, by: User, reason: str) -> Any:
    return note_act(_("Role “%(name)s”", name=role.labels.get("en", role.slug)), act, by=by, reason=reason)


def _save(organisations: list[int]) -> None:
    """Commit, and bring the index up to date for these organisations and all below them, which are found by their
    roles."""
    db.session.flush()
    concerned = listing_and_descendants(organisations)
    mark(concerned)
    db.session.commit()
    read_anew()
    if len(concerned) <= MOST_AT_ONCE:
        follow()
