"""Counting organisations: what they are and since when, and who are members."""

import json
from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import LISTINGS, ActorRole, Organisation, OrganisationKind
from facilities.catalogue.models.terms import Sector
from facilities.db import db
from facilities.insight.facts.figure import Counted, Question, Row
from facilities.insight.facts.scopes import SITE
from facilities.networks.models import MemberCategory, Membership, in_force

ACTOR = ("kind", "organisation")
FEW = 200
"""Known years of foundation from which single years are shown; with fewer, decades."""

MANY_YEARS = 20
OLD = 1950
"""What was founded before is one row."""

ORGANISATIONS = Organisation.__table__.c
Span = tuple[int, date | None, date | None]
"""An organisation and its first and last day in a network."""


def by_kind(asked: Question) -> Counted:
    counted = _counts(asked, ORGANISATIONS.organisation_kind)
    rows = [
        Row(kind.value, kind.label, counted[kind], search=(ACTOR, ("organisation_kind", kind.value)))
        for kind in OrganisationKind if counted[kind]
    ]  # fmt: skip
    return Counted(sorted(rows, key=_larger_first), asked.organisations, asked.organisations, asked.organisations)


def by_role(asked: Question) -> Counted:
    counted: Counter[str] = Counter()
    known = 0
    for roles, many in _counts(asked, sa.cast(ORGANISATIONS.roles, sa.Text)).items():
        held = json.loads(roles or "[]")
        known += many if held else 0
        counted.update(dict.fromkeys(held, many))
    kept = db.session.execute(sa.select(ActorRole.slug, ActorRole.labels).order_by(ActorRole.position, ActorRole.id))
    rows = [
        Row(slug, labels, counted[slug], search=(ACTOR, ("role", slug))) for slug, labels in kept if counted[slug]
    ]  # fmt: skip
    return Counted(rows, known, asked.organisations)


def by_sector(asked: Question) -> Counted:
    counted = _counts(asked, ORGANISATIONS.sector)
    rows = [
        Row(sector.value, sector.label, counted[sector.value], search=(ACTOR, ("sector", sector.value)))
        for sector in Sector if counted[sector.value]
    ]  # fmt: skip
    return Counted(sorted(rows, key=_larger_first), sum(row.value or 0 for row in rows), asked.organisations)


def founded(asked: Question) -> Counted:
    """By year where many are known, else by decade."""
    years = {year: many for year, many in _counts(asked, LISTINGS.c.established).items() if year}
    known = sum(years.values())
    rows = _by_year(years, asked.today.year) if known >= FEW else _by_decade(years)
    return Counted(rows, known, asked.organisations)


def members_by_category(asked: Question) -> Counted:
    query = (
        sa.select(MemberCategory.slug, MemberCategory.names, sa.func.count(Membership.id))
        .join(Membership, Membership.category_id == MemberCategory.id)
        .where(*_running(asked))
        .group_by(MemberCategory.id)
        .order_by(MemberCategory.position, MemberCategory.id)
    )
    rows = [Row(slug, names, many) for slug, names, many in db.session.execute(query)]
    return Counted(rows, sum(row.value or 0 for row in rows), asked.organisations, asked.organisations)


def members_over_time(asked: Question) -> Counted:
    """Of the last years: who belonged at the end of each, of this one today. Who has no first day always did. How many
    say it is counted among the members of today."""
    spans = _memberships(asked)
    first = min((since.year for _id, since, _until in spans if since), default=asked.today.year)
    years = range(max(first, asked.today.year - MANY_YEARS + 1), asked.today.year + 1)
    rows = [Row(str(year), str(year), len(_at(spans, min(date(year, 12, 31), asked.today)))) for year in years]
    dated = _at([span for span in spans if span[1]], asked.today)
    return Counted(rows if len(rows) > 1 else [], len(dated), len(_at(spans, asked.today)))


def _running(asked: Question) -> tuple[sa.ColumnElement[bool], ...]:
    """That a membership counts today, and that its organisation is one of the scope."""
    network = asked.scope.network
    return (
        Membership.network_id == (network.id if network else 0),
        in_force(asked.today),
        Membership.organisation_id.in_(asked.scope.organisations()),
    )


def _memberships(asked: Question) -> list[Span]:
    """All that ever were, of organisations that are published now: those of a hub as it is today, for nobody notes when
    a member changed to another."""
    network, hub = asked.scope.network, asked.scope.hub
    query = sa.select(Membership.organisation_id, Membership.since, Membership.until)
    query = query.where(Membership.network_id == (network.id if network else 0))
    query = query.where(Membership.organisation_id.in_(SITE.organisations()))
    found = db.session.execute(query.where(Membership.hub_id == hub.id) if hub else query)
    return [(id_, since, until) for id_, since, until in found]


def _at(spans: list[Span], day: date) -> set[int]:
    return {id_ for id_, since, until in spans if (not since or since <= day) and (not until or until >= day)}


def _counts(asked: Question, column: Any) -> Counter[Any]:
    """How many organisations of the scope have each value of a column."""
    table = LISTINGS.join(Organisation.__table__, LISTINGS.c.id == ORGANISATIONS.id)
    query = sa.select(column, sa.func.count()).select_from(table).group_by(column)
    found = db.session.execute(query.where(LISTINGS.c.id.in_(asked.scope.organisations())))
    return Counter(dict(found.all()))


def _by_year(years: dict[int, int], this_year: int) -> list[Row]:
    """Each of the last years, and all before as one."""
    first = this_year - MANY_YEARS + 1
    before = sum(many for year, many in years.items() if year < first)
    rows = [Row(f"-{first}", _("Before %(year)d", year=first), before)] if before else []
    return rows + [Row(str(year), str(year), years.get(year, 0)) for year in range(first, this_year + 1)]


def _by_decade(years: dict[int, int]) -> list[Row]:
    if not years:
        return []
    decades: Counter[int] = Counter()
    for year, many in years.items():
        decades[max(year // 10 * 10, OLD - 10)] += many
    rows = [Row(str(OLD), _("Before %(year)d", year=OLD), decades[OLD - 10])] if decades[OLD - 10] else []
    first = min(max(min(years) // 10 * 10, OLD), max(decades))
    known = range(max(first, OLD), max(decades) + 1, 10)
    return rows + [Row(f"{decade}s", _("%(decade)ds", decade=decade), decades[decade]) for decade in known]


def _larger_first(row: Row) -> int:
    return -(row.value or 0)
