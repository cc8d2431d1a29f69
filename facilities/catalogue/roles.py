"""The roles of actors in the value chain, as the desk keeps them."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from facilities.catalogue.models import ActorRole
from facilities.catalogue.names import fold
from facilities.db import db

READ = "actor_roles"
"""Where a session keeps the roles that its transaction has read."""


def all_roles(session: Session | None = None) -> tuple[ActorRole, ...]:
    """Every role in the desk's order, retired or not. Read once in a transaction, however often they are asked for."""
    session = session or db.session
    transaction, roles = session.info.get(READ, (None, ()))
    if transaction is None or transaction is not session.get_transaction():
        roles = tuple(session.scalars(sa.select(ActorRole).order_by(ActorRole.position, ActorRole.id)))
        session.info[READ] = (session.get_transaction(), roles)
    return roles


def read_anew() -> None:
    """Forget what this session has read: the roles were changed."""
    db.session.info.pop(READ, None)


def offered_roles() -> list[ActorRole]:
    """Those that can be chosen, in the desk's order."""
    return [role for role in all_roles() if role.retired_at is None]


def role_labels(slugs: Collection[str]) -> dict[str, str]:
    """What the visitor calls those of the roles that are known, in the desk's order."""
    return {role.slug: role.label for role in all_roles() if role.slug in slugs} if slugs else {}


def role_label(slug: str) -> str:
    """What the visitor calls a role; one that is not known speaks for itself."""
    return role_labels((slug,)).get(slug, slug)


def unknown_roles(slugs: Iterable[str]) -> list[str]:
    """Those of the slugs that no role has."""
    wanted = list(slugs)
    known = {role.slug for role in all_roles()} if wanted else set()
    return [slug for slug in wanted if slug not in known]


def successors(slugs: Collection[str]) -> dict[str, str]:
    """Those of the slugs whose role became one with another, each with the slug of what it is today."""
    by_id = {role.id: role for role in all_roles()} if slugs else {}
    found = {}
    for role in by_id.values():
        last, steps = role, 0
        while last.successor_id in by_id and steps < len(by_id):
            last, steps = by_id[last.successor_id], steps + 1
        if role.slug in slugs and last is not role:
            found[role.slug] = last.slug
    return found


def not_offered(slugs: Iterable[str], held: Collection[str]) -> list[str]:
    """Those of the slugs whose role is offered no longer, apart from roles that the organisation has already."""
    wanted = [slug for slug in slugs if slug not in held]
    offered = {role.slug for role in offered_roles()} if wanted else set()
    return [slug for slug in wanted if slug not in offered]


def slugs_by_name() -> dict[str, str]:
    """The slug of each role by everything it is called, folded: its slug, and its labels in every language."""
    called = {fold(str(label)): role.slug for role in all_roles() for label in role.labels.values()}
    return called | {fold(role.slug): role.slug for role in all_roles()}


def words_of(slugs: Collection[str], session: Session | None = None) -> dict[str, list[str]]:
    """What search finds organisations with these roles by: labels by language, and under "" the topics of the roles."""
    found: dict[str, list[str]] = {}
    for role in all_roles(session) if slugs else ():
        if role.slug in slugs:
            for language, label in role.labels.items():
                found.setdefault(language, []).append(label)
            found.setdefault("", []).extend(role.topics)
    return found
