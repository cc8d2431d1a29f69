"""What the link of a letter shows: the listings it names, each with what has become of it since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.actions import confirm_listings
from facilities.catalogue.models import LISTINGS, Listing, Revision, RevisionAct, Status
from facilities.db import db, writing
from facilities.manage.confirm_link import ConfirmLink
from facilities.manage.in_charge import InCharge, Person


class State(StrEnum):
    """What the reader can do with a listing: confirm it (`open`), look at it first (`changed` since the letter), or no
    more: it has been `confirmed` since."""

    OPEN = "open"
    CHANGED = "changed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Line:
    """One listing of the letter. `mark` names it with the version that is shown; `change` is the last change since the
    letter."""

    listing: Listing
    state: State
    change: Revision | None

    @property
    def mark(self) -> str:
        return f"{self.listing.id}-{self.listing.version}"


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """Who reads the page, the listings that are this person's to confirm, and how many of the letter no longer are."""

    person: Person | None
    lines: list[Line]
    gone: int

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.state != State.CONFIRMED]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a press of the button came to: how many were confirmed, and how many not because they had just changed."""

    done: int
    changed: int


def confirm_page(link: ConfirmLink, *, anew: bool = False) -> ConfirmPage:
    """The page of a link, in a fixed number of SELECTs; `anew` reads over what the session holds."""
    secret = current_app.config["SECRET_KEY"]
    in_charge = InCharge.load(sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(link.listing_ids)))
    people = {listing_id: in_charge.named(link.mark, listing_id, secret) for listing_id in link.listing_ids}
    listings = _published([listing_id for listing_id, person in people.items() if person], anew=anew)
    changes = _last_changes([listing.id for listing in listings], link.written_at)
    lines = [_line(listing, changes.get(listing.id), link.written_at) for listing in listings]
    person = next((people[listing.id] for listing in listings), None)
    return ConfirmPage(person, lines, len(link.listing_ids) - len(lines))


def confirm_ticked(link: ConfirmLink, marks: Collection[str]) -> Confirmed:
    """Confirm the ticked listings (`Line.mark`) of a link: those that still say what was shown. One commit."""
    writing()
    ids = sorted({int(mark.partition("-")[0]) for mark in marks} & set(link.listing_ids))
    db.session.execute(sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids)).order_by(LISTINGS.c.id).with_for_update())
    page = confirm_page(link, anew=True)
    ticked = [line.listing for line in page.waiting if line.mark in marks]
    overtaken = [line for line in page.waiting if line.listing.id in ids and line.mark not in marks]
    if ticked and page.person:
        confirm_listings(ticked, by=page.person.actor)
    return Confirmed(len(ticked), len(overtaken))


def _line(listing: Listing, change: Revision | None, written_at: datetime) -> Line:
    if listing.confirmed_at is not None and listing.confirmed_at > written_at:
        return Line(listing, State.CONFIRMED, change)
    return Line(listing, State.CHANGED if change else State.OPEN, change)


def _published(ids: list[int], *, anew: bool) -> list[Listing]:
    """The published ones in the order of the letter, with what the page prints."""
    query = (
        sa.select(Listing)
        .where(Listing.id.in_(ids), Listing.status == Status.PUBLISHED)
        .options(
            joinedload(Listing.access),
            selectinload(Listing.contacts),
            selectinload(Listing.organisation),
            selectinload(Listing.parent).joinedload(Listing.access),
            selectinload(Listing.parent).selectinload(Listing.parent).joinedload(Listing.access),
        )
    )
    found = {each.id: each for each in db.session.scalars(query, execution_options={"populate_existing": anew})}
    return [found[listing_id] for listing_id in ids if listing_id in found]


def _last_changes(ids: list[int], since: datetime) -> dict[int, Revision]:
    """The last change of each listing since then, apart from confirmations."""
    changes = sa.select(Revision).where(
        Revision.listing_id.in_(ids), Revision.made_at > since, Revision.act != RevisionAct.CONFIRMED
    )
    return {change.listing_id: change for change in db.session.scalars(changes.order_by(Revision.version))}
