"""The listings that somebody may look after: those of their grants and all below, each question in one SELECT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.accounts.rights import OWNER_LEVELS, Level, level_of
from facilities.catalogue.ended import ENDED, OFFERS, TODAY
from facilities.catalogue.models import LISTINGS, Attachment, Instrument, Kind, Status
from facilities.catalogue.names import fold
from facilities.db import db, now
from facilities.manage.completeness import percent_complete
from facilities.manage.confirmation import overdue_clause
from facilities.manage.models import LinkCheck
from facilities.moderation.models import Proposal, ProposalState

PER_PAGE = 50
LITTLE = 60
"""Percent below which a listing counts as far from complete."""
LOOKED_AT = 1000
"""Listings whose completeness the first page counts."""

NEEDS = ("confirm", "waiting", "sent_back", "missing", "links", "withdrawal", "ended")
SORTS = ("name", "complete", "confirmed", "updated")
Clause = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of listings is asked for. Unknown words are left out by `asked_for`."""

    text: str = ""
    kind: Kind | None = None
    status: Status | None = None
    needs: str = ""
    sort: str = "name"
    down: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A listing as a line of a list shows it. `percent` is its completeness; `waits` how far open changes have come;
    `ended_on` the last day of an offer that has ended."""

    id: int
    kind: Kind
    status: Status
    name: str
    language: str
    parent_name: str
    percent: int
    confirmed_at: datetime | None
    updated_at: datetime
    withdraw_on: date | None
    ended_on: date | None
    waits: ProposalState | None
    overdue: bool


def granted_ids(user: User, least: Level = Level.EDITOR) -> sa.Select[int]:
    """The ids of the listings on which the user's grants give at least this level, with all below them."""
    roles = [role for role in OwnerRole if OWNER_LEVELS[role] >= least]
    held = sa.select(Grant.listing_id).where(Grant.user_id == user.id, Grant.role.in_(roles))
    owned = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(held)).cte(recursive=True)
    owned = owned.union(sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == owned.c.id))
    return sa.select(owned.c.id)


def owned_ids(user: User, least: Level = Level.EDITOR) -> sa.Select[int]:
    """The same; for the desk the ids of all listings."""
    if level_of(user) >= max(least, Level.MODERATOR):
        return sa.select(LISTINGS.c.id)
    return granted_ids(user, least)


def below_ids(listing_id: int) -> sa.Select[int]:
    """The ids of all that belongs to a listing, directly or further down; not its own."""
    below = sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == listing_id).cte(recursive=True)
    below = below.union(sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == below.c.id))
    return sa.select(below.c.id)


def tree_ids(ids: Sequence[int]) -> sa.Select[int]:
    """These ids and those of all that belongs to them."""
    tree = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids)).cte(recursive=True)
    tree = tree.union(sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == tree.c.id))
    return sa.select(tree.c.id)


def has_listings(user: User) -> bool:
    """Whether the user looks after any listing."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Grant.user_id == user.id))))


def listing_lines(ids: sa.Select[int], wanted: Wanted, page: int, per_page: int = PER_PAGE) -> tuple[list[Line], int]:
    """A page of the listings among these ids that meet what is wanted, in its order, and how many there are in all."""
    total = sa.func.count().over().label("total")
    chosen = sa.select(LISTINGS.c.id, total).where(LISTINGS.c.id.in_(ids), *_conditions(wanted))
    chosen = chosen.order_by(*_order(wanted)).limit(per_page).offset((page - 1) * per_page)
    found = db.session.execute(chosen).all()
    if not found:
        return [], count_listings(ids, wanted) if page > 1 else 0
    return lines_of([row.id for row in found]), found[0].total


def lines_of(ids: Sequence[int]) -> list[Line]:
    """These listings as lines, in this order."""
    rows = db.session.execute(_lines().where(LISTINGS.c.id.in_(ids)))
    lines = {line.id: line for line in (Line(**row._mapping) for row in rows)}
    return [lines[listing_id] for listing_id in ids if listing_id in lines]


def count_listings(ids: sa.Select[int], wanted: Wanted) -> int:
    query = sa.select(sa.func.count()).select_from(LISTINGS).where(LISTINGS.c.id.in_(ids), *_conditions(wanted))
    return db.session.scalar(query) or 0


def emptiest(ids: sa.Select[int], most: int) -> tuple[list[Line], int]:
    """The least complete published listings among these ids that say little, and how many of LOOKED_AT do.

    Looks at no more than LOOKED_AT: organisations and facilities first, then what was changed last.
    """
    kinds = sa.case((LISTINGS.c.kind.in_((Kind.ORGANISATION, Kind.FACILITY)), 0), else_=1)
    looked_at = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids), LISTINGS.c.status == Status.PUBLISHED)
    few = looked_at.order_by(kinds, LISTINGS.c.updated_at.desc()).limit(LOOKED_AT).subquery()
    each = sa.select(LISTINGS.c.id, percent_complete()).where(LISTINGS.c.id.in_(sa.select(few.c.id))).subquery()
    total = sa.func.count().over().label("total")
    query = sa.select(each.c.id, total).where(each.c.percent < LITTLE).order_by(each.c.percent, each.c.id).limit(most)
    found = db.session.execute(query).all()
    return lines_of([row.id for row in found]), found[0].total if found else 0


def wanted_ids(ids: sa.Select[int], wanted: Wanted) -> sa.Select[int]:
    """The ids of all listings that the list would show, on every page."""
    return sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids), *_conditions(wanted))


def _lines() -> sa.Select[Any]:
    parent = LISTINGS.alias("parent")
    listing = LISTINGS.c
    open_states = (ProposalState.WAITING, ProposalState.SENT_BACK)
    waits = sa.and_(Proposal.listing_id == listing.id, Proposal.state.in_(open_states))
    overdue = sa.type_coerce(sa.case((overdue_clause(now()), sa.true()), else_=sa.false()), sa.Boolean)
    return (
        sa.select(
            listing.id, listing.kind, listing.status, listing.name, listing.language,
            sa.func.coalesce(parent.c.name, "").label("parent_name"), percent_complete(), listing.confirmed_at,
            listing.updated_at, listing.withdraw_on, _ended_on(), Proposal.state.label("waits"),
            overdue.label("overdue"),
        )
        .select_from(LISTINGS)
        .outerjoin(parent, listing.parent_id == parent.c.id)
        .outerjoin(Proposal, waits)
    )  # fmt: skip


def _ended_on() -> sa.Label[date | None]:
    ended = sa.select(OFFERS.c.open_until).where(OFFERS.c.id == LISTINGS.c.id, OFFERS.c.open_until < TODAY)
    return ended.correlate(LISTINGS).scalar_subquery().label("ended_on")


def _conditions(wanted: Wanted) -> list[Clause]:
    found: list[Clause] = [LISTINGS.c.status != Status.MERGED]
    if wanted.text:
        found.append(_says(wanted.text))
    if wanted.kind:
        found.append(LISTINGS.c.kind == wanted.kind)
    if wanted.status:
        found.append(LISTINGS.c.status == wanted.status)
    if wanted.needs:
        found.append(needs_clause(wanted.needs))
    return found


def _says(text: str) -> Clause:
    """The text in the name, however it is spelled and capitalised, or as an abbreviation or number of the asset."""
    numbers = sa.or_(Instrument.serial_number == text, Instrument.inventory_number == text)
    instrument = sa.select(Instrument.__table__.c.id).where(numbers)
    named = [LISTINGS.c.name_key.contains(word, autoescape=True) for word in fold(text).split()]
    exact = sa.or_(sa.func.lower(LISTINGS.c.abbreviation) == text.lower(), LISTINGS.c.id.in_(instrument))
    return sa.or_(sa.and_(*named), exact) if named else exact


def needs_clause(needs: str) -> Clause:
    """Which listings need one of NEEDS."""
    if needs in _PLAIN_NEEDS:
        return _PLAIN_NEEDS[needs]
    match needs:
        case "confirm":
            return overdue_clause(now())
        case "waiting":
            handed_in = LISTINGS.c.status == Status.IN_REVIEW
            return sa.or_(handed_in, LISTINGS.c.id.in_(_proposals(ProposalState.WAITING)))
        case "sent_back":
            return LISTINGS.c.id.in_(_proposals(ProposalState.SENT_BACK))
        case "missing":
            return sa.and_(LISTINGS.c.status == Status.PUBLISHED, percent_complete() < LITTLE)
        case "links":
            return sa.or_(LISTINGS.c.url.in_(broken_urls()), LISTINGS.c.id.in_(_with_broken_attachment()))
    raise ValueError(f"{needs!r} is none of {NEEDS}")


_PLAIN_NEEDS: dict[str, Clause] = {
    "withdrawal": LISTINGS.c.withdraw_on.is_not(None),
    "ended": sa.and_(LISTINGS.c.status == Status.PUBLISHED, LISTINGS.c.id.in_(ENDED)),
}


def broken_urls() -> sa.Select[str]:
    """The web addresses that are known not to answer."""
    return sa.select(LinkCheck.url).where(LinkCheck.broken_since.is_not(None))


def _proposals(state: ProposalState) -> sa.Select[int]:
    return sa.select(Proposal.listing_id).where(Proposal.state == state)


def _with_broken_attachment() -> sa.Select[int]:
    return sa.select(Attachment.listing_id).where(Attachment.url.in_(broken_urls()))


def _order(wanted: Wanted) -> list[sa.ColumnElement[Any]]:
    by: dict[str, sa.ColumnElement[Any]] = {
        "name": LISTINGS.c.name_key,
        "complete": percent_complete(),
        "confirmed": sa.func.coalesce(LISTINGS.c.confirmed_at, LISTINGS.c.created_at),
        "updated": LISTINGS.c.updated_at,
    }
    first = by[wanted.sort]
    return [first.desc() if wanted.down else first, LISTINGS.c.name_key, LISTINGS.c.id]
