"""An organisation as the desk sees it: who accepts its changes, who keeps it, how much belongs to it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import Grant
from facilities.catalogue.actions import record, save
from facilities.catalogue.models import LISTINGS, Actor, Kind, Listing, Organisation, Review, RevisionAct, Status
from facilities.db import db

PAGE = 50


@dataclass(frozen=True, slots=True)
class Team:
    """The rights on an organisation and on what belongs to it, and the number of its listings by status."""

    grants: list[Grant]
    listings: dict[Status, int]


def team_of(organisation: Listing) -> Team:
    """Who keeps an organisation and its parts; two SELECTs."""
    own = sa.or_(LISTINGS.c.organisation_id == organisation.id, LISTINGS.c.id == organisation.id)
    ids = sa.select(LISTINGS.c.id).where(own)
    grants = sa.select(Grant).where(Grant.listing_id.in_(ids)).order_by(Grant.id).limit(200)
    numbers = sa.select(LISTINGS.c.status, sa.func.count()).where(own).group_by(LISTINGS.c.status)
    return Team(
        list(db.session.scalars(grants.options(joinedload(Grant.user), joinedload(Grant.listing)))),
        dict(iter(db.session.execute(numbers))),
    )


def organisations_like(text: str, page: int) -> tuple[list[Organisation], int]:
    """A page of the organisations whose name contains the text, and how many there are."""
    found = sa.select(Organisation).where(Listing.kind == Kind.ORGANISATION, Listing.status != Status.MERGED)
    if text:
        found = found.where(sa.func.lower(Listing.name).contains(text.lower(), autoescape=True))
    number = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    return list(db.session.scalars(found.order_by(Listing.name).limit(PAGE).offset((page - 1) * PAGE))), number


def set_review(organisation: Organisation, review: Review, *, by: Actor) -> bool:
    """Say who accepts what owners of an organisation change; whether that is anything new."""
    if organisation.review == review:
        return False
    changes = {"review": [organisation.review.value, review.value]}
    organisation.review = review
    record(organisation, RevisionAct.EDITED, changes, by=by)
    save([organisation])
    return True
