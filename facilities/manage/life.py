"""A listing's way through its life: handed in, taken back, withdrawn with what belongs to it, brought back, put away.

Each act locks what it changes, saves all of it in one commit and has the index follow.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.accounts.rights import Level, may_edit, may_publish, may_withdraw
from facilities.catalogue.actions import By, record, save, set_status
from facilities.catalogue.models import LISTINGS, Actor, Instrument, Listing, Revision, RevisionAct, Status
from facilities.catalogue.names import name_key
from facilities.catalogue.queries.loading import listing_to_change
from facilities.db import db, now, writing
from facilities.manage.queries import below_ids, owned_ids, tree_ids
from facilities.moderation.decisions import note_act_of_desk
from facilities.moderation.models import DecisionAct
from facilities.moderation.teams import managers_of
from facilities.outbox import letters

log = logging.getLogger(__name__)

PLANNED = "planned"
"""Who the history names for a withdrawal that the worker did on its day."""
MOST_AT_ONCE = 500
MOST_FOUND = 10

STEPS: dict[str, tuple[Status, ...]] = {
    "publish": (Status.DRAFT, Status.IN_REVIEW),
    "hand_in": (Status.DRAFT,),
    "take_back": (Status.IN_REVIEW,),
    "withdraw": (Status.PUBLISHED,),
    "call_off": (Status.PUBLISHED,),
    "bring_back": (Status.WITHDRAWN, Status.ARCHIVED),
    "archive": (Status.DRAFT, Status.WITHDRAWN),
}
"""The states in which each step can be taken."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the user may do next with a listing."""

    publish: bool
    hand_in: bool
    take_back: bool
    withdraw: bool
    call_off: bool
    bring_back: bool
    archive: bool

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in STEPS)


def steps_for(user: User, listing: Listing) -> Steps:
    """The steps that are open to the user now."""
    edits, publishes, withdraws = (rule(user, listing) for rule in (may_edit, may_publish, may_withdraw))
    allowed = {
        "publish": publishes,
        "hand_in": edits and not publishes,
        "take_back": edits,
        "withdraw": withdraws,
        "call_off": withdraws and listing.withdraw_on is not None,
        "bring_back": withdraws,
        "archive": withdraws,
    }
    return Steps(**{name: allowed[name] and listing.status in states for name, states in STEPS.items()})


def take_back_listing(listing: Listing, *, by: By) -> None:
    """Make a draft again of a listing that was handed in and not yet decided."""
    _move([listing], Status.DRAFT, RevisionAct.EDITED, by=by)


def bring_back_listing(listing: Listing, *, by: User, below: Sequence[Listing] = ()) -> None:
    """Have a listing, and these below it, again after they were withdrawn or put away: public if the user may publish,
    else as drafts."""
    if may_publish(by, listing):
        _move([listing, *below], Status.PUBLISHED, RevisionAct.PUBLISHED, by=by.actor)
    else:
        _move([listing, *below], Status.DRAFT, RevisionAct.EDITED, by=by.actor)


def withdraw_with_below(
    listing: Listing,
    *,
    reason: str,
    by: By,
    successor: Listing | None = None,
    below: Sequence[Listing] = (),
    at: datetime | None = None,
) -> None:
    """Take a listing out of the catalogue, and these below it with the same reason and day."""
    listing.successor, at = None, at or now()
    for each in (listing, *below):
        instead = successor if each is listing else None
        changes = set_status(each, Status.WITHDRAWN, note=reason, successor=instead, at=at)
        record(each, RevisionAct.WITHDRAWN, changes, by=by, note=reason)
    save([listing, *below])


def withdraw_several(listings: Sequence[Listing], *, reason: str, by: By) -> None:
    """Take several listings out of the catalogue in one commit."""
    _move(listings, Status.WITHDRAWN, RevisionAct.WITHDRAWN, by=by, note=reason)


def _move(listings: Iterable[Listing], status: Status, act: RevisionAct, *, by: By, note: str = "") -> None:
    moved = list(listings)
    for listing in moved:
        record(listing, act, set_status(listing, status, note=note), by=by, note=note)
    save(moved)


def published_below(listing: Listing) -> int:
    """How many published listings belong to a listing, directly or further down."""
    query = sa.select(sa.func.count()).select_from(LISTINGS)
    alive = query.where(LISTINGS.c.id.in_(below_ids(listing.id)), LISTINGS.c.status == Status.PUBLISHED)
    return db.session.scalar(alive) or 0


def below_to_change(listing: Listing) -> list[Listing]:
    """The published listings below a listing, locked and read after the lock."""
    return _locked(below_ids(listing.id), LISTINGS.c.status == Status.PUBLISHED)


def gone_with(listing: Listing) -> int:
    """How many listings below a withdrawn one were withdrawn together with it."""
    query = sa.select(sa.func.count()).select_from(LISTINGS)
    return db.session.scalar(query.where(LISTINGS.c.id.in_(below_ids(listing.id)), _gone_with(listing))) or 0


def gone_with_to_change(listing: Listing) -> list[Listing]:
    """Those, locked and read after the lock."""
    return _locked(below_ids(listing.id), _gone_with(listing))


def _gone_with(listing: Listing) -> sa.ColumnElement[bool]:
    return sa.and_(LISTINGS.c.status == Status.WITHDRAWN, LISTINGS.c.withdrawn_at == listing.withdrawn_at)


def owned_to_change(user: User, ids: sa.Select[int] | Sequence[int], least: Level) -> list[Listing]:
    """Those published listings among the ids that the user's level on them allows to change, MOST_AT_ONCE at the most;
    locked and read after the lock."""
    chosen = LISTINGS.c.id.in_(ids)
    return _locked(owned_ids(user, least), LISTINGS.c.status == Status.PUBLISHED, chosen, most=MOST_AT_ONCE)


def owned_with_below_to_change(user: User, ids: Sequence[int]) -> list[Listing]:
    """The published listings among the ids that the user may withdraw, with all published ones below them; locked and
    read after the lock."""
    return _locked(
        owned_ids(user, Level.MANAGER), LISTINGS.c.status == Status.PUBLISHED, LISTINGS.c.id.in_(tree_ids(ids))
    )


def _locked(ids: sa.Select[int], *conditions: sa.ColumnElement[bool], most: int | None = None) -> list[Listing]:
    writing()
    query = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids), *conditions).order_by(LISTINGS.c.id)
    locked = db.session.scalars(query.limit(most).with_for_update(of=LISTINGS)).all()
    fresh = sa.select(Listing).where(Listing.id.in_(locked)).order_by(Listing.id)
    return list(db.session.scalars(fresh.execution_options(populate_existing=True)))


def successors_called(text: str, besides: Listing) -> list[Listing]:
    """Published listings that a successor's name may mean, those called exactly so first; or the one of that number."""
    key = name_key(text)
    if text.isascii() and text.isdigit() and len(text) < 10:
        named: sa.ColumnElement[bool] = LISTINGS.c.id == int(text)
    else:
        named = LISTINGS.c.name_key.contains(key, autoescape=True)
    exact = sa.case((LISTINGS.c.name_key == key, 0), else_=1)
    same_kind = sa.case((LISTINGS.c.kind == besides.kind, 0), else_=1)
    query = sa.select(Listing).where(named, Listing.status == Status.PUBLISHED, Listing.id != besides.id)
    query = query.order_by(exact, same_kind, Listing.name, Listing.id).limit(MOST_FOUND)
    return list(db.session.scalars(query))


def withdraw_due(at: datetime | None = None) -> int:
    """Withdraw the listings whose planned day has come (UTC), with all published ones below them, and tell their
    managers; each in a commit of its own. Gives how many were withdrawn as planned."""
    today = (at or now()).date()
    due = sa.select(LISTINGS.c.id).where(LISTINGS.c.withdraw_on <= today, LISTINGS.c.status == Status.PUBLISHED)
    ids = db.session.scalars(due.order_by(LISTINGS.c.id)).all()
    return sum(_withdraw_planned(listing_id, today) for listing_id in ids)


def _withdraw_planned(listing_id: int, today: date) -> bool:
    listing = listing_to_change(listing_id)
    if listing is None or listing.status != Status.PUBLISHED or not listing.withdraw_on or listing.withdraw_on > today:
        db.session.rollback()
        return False
    below = below_to_change(listing)
    for manager in managers_of(listing):
        letters.post(
            "withdrawn_as_planned", manager.email, locale=manager.locale, listing=listing, below=len(below),
            reason=listing.withdrawn_reason, successor=listing.successor,
        )  # fmt: skip
    reason, successor = listing.withdrawn_reason, listing.successor
    note_act_of_desk(listing, DecisionAct.WITHDRAWN, by=_planned_by(listing), reason=reason)
    withdraw_with_below(listing, reason=reason, by=Actor(PLANNED), successor=successor, below=below)
    log.info("withdrew listing %s as planned, with %s below it", listing_id, len(below))
    return True


def _planned_by(listing: Listing) -> User | None:
    """Who planned the withdrawal of a listing last."""
    planned = sa.select(User).join(Revision, Revision.user_id == User.id).where(
        Revision.listing_id == listing.id, Revision.act == RevisionAct.SCHEDULED
    )  # fmt: skip
    return db.session.scalar(planned.order_by(Revision.version.desc()).limit(1))


def last_day_of(listing: Listing) -> date | None:
    """The day until which an instrument is said to be available."""
    return listing.available_until if isinstance(listing, Instrument) else None
