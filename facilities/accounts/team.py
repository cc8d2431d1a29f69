"""Who keeps an organisation or facility: its own people, and those of what it belongs to."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from facilities.accounts.models import Grant, Invitation, OwnerRole, User
from facilities.catalogue.models import Listing
from facilities.db import db, now


class LastManager(Exception):
    """Without this manager a listing has none, and nothing above it has one either."""


@dataclass(frozen=True, slots=True)
class Member:
    """A right that counts for a listing; `source` is the listing it was given on."""

    grant: Grant
    user: User
    source: Listing
    inherited: bool


def team_of(listing: Listing) -> list[Member]:
    """The listing's own people first, then those of what it belongs to, nearest first; each by name."""
    nearness = {holder.id: place for place, holder in enumerate(listing.lineage())}
    holders = {holder.id: holder for holder in listing.lineage()}
    grants = db.session.scalars(
        sa.select(Grant).join(Grant.user).options(contains_eager(Grant.user)).where(Grant.listing_id.in_(nearness))
    )
    members = [Member(each, each.user, holders[each.listing_id], each.listing_id != listing.id) for each in grants]
    return sorted(members, key=lambda member: (nearness[member.source.id], member.user.actor.name.casefold()))


def invitations_to(listing: Listing) -> list[Invitation]:
    """Invitations that nobody has accepted yet, newest first, those that have grown too old included."""
    waiting = sa.select(Invitation).options(joinedload(Invitation.invited_by))
    waiting = waiting.where(
        Invitation.listing_id == listing.id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return list(db.session.scalars(waiting.order_by(Invitation.invited_at.desc(), Invitation.id.desc())))


def grant_on(listing: Listing, grant_id: int) -> Grant | None:
    """A right that was given on this very listing."""
    return db.session.scalar(sa.select(Grant).where(Grant.id == grant_id, Grant.listing_id == listing.id))


def invitation_on(listing: Listing, invitation_id: int) -> Invitation | None:
    """An open invitation to this very listing."""
    return next((each for each in invitations_to(listing) if each.id == invitation_id), None)


def change_role(grant: Grant, role: OwnerRole, *, by: User, listing: Listing, sure: bool = False) -> None:
    """Make somebody an editor or a manager. Raises LastManager unless `sure`."""
    if role != OwnerRole.MANAGER and not sure:
        _keep_a_manager(grant, listing)
    grant.role, grant.granted_by_id, grant.granted_at = role, by.id, now()
    db.session.commit()


def remove(grant: Grant, *, listing: Listing, sure: bool = False) -> None:
    """Let somebody go. Raises LastManager unless `sure`."""
    if not sure:
        _keep_a_manager(grant, listing)
    db.session.delete(grant)
    db.session.commit()


def only_managed_by(user: User) -> list[Listing]:
    """Listings that have no other manager, neither themselves nor above."""
    own = [grant for grant in user.grants if grant.role == OwnerRole.MANAGER]
    return [grant.listing for grant in own if not other_managers(grant.listing, user.id)]


def other_managers(listing: Listing, user_id: int) -> bool:
    """Whether somebody else than the user manages the listing."""
    above = [holder.id for holder in listing.lineage()]
    others = sa.select(Grant.id).join(Grant.user).where(
        Grant.listing_id.in_(above), Grant.role == OwnerRole.MANAGER, Grant.user_id != user_id, User.active
    )  # fmt: skip
    return db.session.scalar(others.limit(1)) is not None


def _keep_a_manager(grant: Grant, listing: Listing) -> None:
    if grant.role == OwnerRole.MANAGER and not other_managers(listing, grant.user_id):
        raise LastManager(listing.id)
