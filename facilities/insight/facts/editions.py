"""Editions: the facts of a year as they were when somebody froze them. They are added and read, never changed."""

import json

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from facilities.accounts.models import User
from facilities.db import db
from facilities.insight.facts.report import Facts, facts_of, forget
from facilities.insight.facts.scopes import Scope
from facilities.insight.models import Edition
from facilities.networks.changing import note as log


class FrozenMeanwhile(Exception):
    """Somebody else froze an edition of the same year at the same moment."""


def editions_of(scope: Scope) -> list[Edition]:
    """All of a scope without their facts, the newest first."""
    query = sa.select(Edition).where(Edition.scope == scope.key)
    return list(db.session.scalars(query.order_by(Edition.year.desc(), Edition.number.desc())))


def edition_of(scope: Scope, year: int, number: int | None = None) -> Edition | None:
    """The edition of a year with its facts: that of the number, or the last."""
    query = sa.select(Edition).where(Edition.scope == scope.key, Edition.year == year).options(undefer(Edition.facts))
    query = query.order_by(Edition.number.desc()).limit(1)
    return db.session.scalar(query if number is None else query.where(Edition.number == number))


def last_number(scope: Scope, year: int) -> int:
    """The number of the last edition of a year, 0 if there is none."""
    number = sa.select(sa.func.max(Edition.number)).where(Edition.scope == scope.key, Edition.year == year)
    return db.session.scalar(number) or 0


def _are_alike(frozen: Facts, counted: Facts) -> bool:
    """Whether facts from the database say what facts that were just counted say."""
    return bool(frozen == json.loads(json.dumps(counted)))


def freeze(scope: Scope, *, year: int, title: str, note: str, by: User) -> Edition:
    """Keep what is shown of a scope today as an edition; one of the year that is there already is not touched, the new
    one has the next number. Counted anew, so that nothing is frozen that has changed since. The same again, as a form
    that is sent twice asks for, is the edition of before. Raises FrozenMeanwhile."""
    forget()
    edition = Edition(
        scope=scope.key, year=year, number=last_number(scope, year) + 1, title=title, note=note,
        facts=facts_of(scope), frozen_by=by.actor.name[:120], frozen_by_id=by.id,
    )  # fmt: skip
    return _same_as(edition, scope) or _kept(edition, scope, by)


def _same_as(edition: Edition, scope: Scope) -> Edition | None:
    """The last edition of the year if it says the same."""
    before = edition_of(scope, edition.year)
    if before is None or (before.title, before.note) != (edition.title, edition.note):
        return None
    return before if _are_alike(before.facts, edition.facts) else None


def _kept(edition: Edition, scope: Scope, by: User) -> Edition:
    """The edition, in the database. Two desks that freeze at once count the same number: one of them is told."""
    db.session.add(edition)
    if scope.network:
        about = f"{scope.hub.name}: {edition.title}" if scope.hub else edition.title
        log(scope.network, "facts_frozen", by=by.actor, about=about)
    try:
        db.session.commit()
    except IntegrityError as taken:
        db.session.rollback()
        if (same := _same_as(edition, scope)) is None:
            raise FrozenMeanwhile from taken
        return same
    forget()
    return edition
