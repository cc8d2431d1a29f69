"""The members of a network: who they are, counted and sorted, in one SELECT however many there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from facilities.catalogue.models import LISTINGS, Listing, Organisation, OrganisationKind, Status
from facilities.catalogue.names import fold, slug_of
from facilities.db import db
from facilities.formats import site_today
from facilities.networks.models import Membership, Network, holds, in_force, in_lists

ORGANISATIONS = Organisation.__table__


@dataclass(frozen=True, slots=True)
class Member:
    """A membership with what its organisation's line shows. `listed` is whether visitors can open the organisation."""

    id: int
    organisation_id: int
    name: str
    kind: OrganisationKind
    city: str
    country: str | None
    url: str
    category_id: int | None
    hub_id: int | None
    since: date | None
    until: date | None
    founder: bool
    partner: bool
    note: str
    listed: bool

    @property
    def path(self) -> str:
        return f"/organisations/{self.organisation_id}-{slug_of(self.name)}"

    def holds_on(self, day: date) -> bool:
        return holds(self.since, self.until, day)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the members somebody wants to see: empty means all. `category` and `hub` are slugs."""

    text: str = ""
    category: str = ""
    hub: str = ""
    kind: str = ""
    mark: str = ""
    sort: str = "name"


def today() -> date:
    """The day by which memberships are counted: the site's."""
    return site_today()


def all_memberships(network: Network) -> list[Member]:
    """Every membership there is or was or will be, by name; for the network's desk."""
    return _read(Membership.network_id == network.id)


def members_of(network: Network, *, day: date | None = None) -> list[Member]:
    """Those whose membership holds on a day, today unless named, and whose listing is published; by name."""
    return _read(
        Membership.network_id == network.id, in_force(day or today()), LISTINGS.c.status == Status.PUBLISHED
    )  # fmt: skip


def _read(*which: sa.ColumnElement[bool]) -> list[Member]:
    place = (LISTINGS.c.city, LISTINGS.c.country, LISTINGS.c.url)
    held = (Membership.category_id, Membership.hub_id, Membership.since, Membership.until)
    rows = db.session.execute(
        sa.select(Membership.id, Membership.organisation_id, LISTINGS.c.name, ORGANISATIONS.c.organisation_kind, *place)
        .add_columns(*held, Membership.founder, Membership.partner, Membership.note)
        .add_columns(LISTINGS.c.status == Status.PUBLISHED)
        .join(LISTINGS, LISTINGS.c.id == Membership.organisation_id)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == Membership.organisation_id)
        .where(*which)
    )
    return sorted((Member(*row) for row in rows), key=lambda member: (fold(member.name), member.id))


def chosen(members: Iterable[Member], network: Network, wanted: Wanted) -> list[Member]:
    """Those that somebody wants to see, in the order they want."""
    categories, hubs = ({each.slug: each.id for each in some} for some in (network.categories, network.hubs))
    words = fold(wanted.text).split()
    found = [
        member
        for member in members
        if all(word in fold(f"{member.name} {member.city}") for word in words)
        and (not wanted.category or member.category_id == categories.get(wanted.category, 0))
        and (not wanted.hub or member.hub_id == hubs.get(wanted.hub, 0))
        and (not wanted.kind or member.kind == wanted.kind)
        and (not wanted.mark or getattr(member, wanted.mark))
    ]
    return newest_first(found) if wanted.sort == "newest" else found


def newest_first(members: Iterable[Member]) -> list[Member]:
    """Those who joined last come first; those of whom no date is known come last."""
    return sorted(members, key=lambda member: (member.since or date.min, member.id), reverse=True)


def counts(members: Iterable[Member], what: str) -> dict[Any, int]:
    """How many members there are by one of their fields, the most frequent first."""
    return dict(Counter(getattr(member, what) for member in members).most_common())


def member_counts(*, day: date | None = None) -> dict[int, int]:
    """How many members each network has, by its id."""
    rows = db.session.execute(
        sa.select(Membership.network_id, sa.func.count())
        .join(LISTINGS, LISTINGS.c.id == Membership.organisation_id)
        .where(in_force(day or today()), LISTINGS.c.status == Status.PUBLISHED)
        .group_by(Membership.network_id)
    )
    return {network_id: count for network_id, count in rows}  # noqa: C416 (dict() takes a result for a mapping)


def memberships_shown(organisation: Listing) -> list[Membership]:
    """What an organisation's page says of its memberships: of today, in networks that visitors are led to."""
    query = (
        sa.select(Membership)
        .join(Membership.network)
        .where(Membership.organisation_id == organisation.id, in_force(today()), in_lists())
        .options(contains_eager(Membership.network), joinedload(Membership.hub))
        .options(joinedload(Membership.category))
    )
    return sorted(db.session.scalars(query), key=lambda each: each.network.name.casefold())
