"""Invitations by mail: to an account and to a right. The link works once, for 14 days, until it is taken back."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_security import hash_password
from itsdangerous import BadData, URLSafeSerializer

from facilities.accounts.letters import post_invitation
from facilities.accounts.models import Grant, Invitation, OwnerRole, SiteRole, User, new_uniquifier
from facilities.accounts.rights import OWNER_LEVELS, SITE_LEVELS, may_invite, may_manage_users
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.networks.actions import grant_desk
from facilities.networks.models import Hub, Network
from facilities.networks.rights import may_run_network

VALID = timedelta(days=14)


class InvitationUsed(Exception):
    """The invitation has been accepted, taken back or replaced, is too old, or whoever invited may no longer do so."""


def invite(
    email: str,
    *,
    by: User | None,
    listing: Listing | None = None,
    role: OwnerRole | None = None,
    site_role: SiteRole = SiteRole.MEMBER,
) -> Invitation:
    """Invite somebody, known to the site or not, and post the letter. An open invitation to the same is renewed."""
    invitation = _open_invitation(email, listing) or Invitation(email=email.lower(), listing=listing)
    invitation.role, invitation.site_role = role, site_role
    db.session.add(invitation)
    send_again(invitation, by=by)
    return invitation


def invite_to_desk(email: str, network: Network, hub: Hub | None, *, by: User) -> Invitation:
    """Invite somebody to the desk of a network or of one hub of it. An open invitation to the same network is
    renewed."""
    invitation = db.session.scalars(_open(email).where(Invitation.network_id == network.id)).first()
    if invitation is None:
        invitation = Invitation(email=email.lower(), network_id=network.id, site_role=SiteRole.MEMBER)
    invitation.hub_id = hub.id if hub else None
    db.session.add(invitation)
    send_again(invitation, by=by)
    return invitation


def send_again(invitation: Invitation, *, by: User | None) -> None:
    """Post the letter with a new link; those before stop working."""
    invitation.invited_at, invitation.invited_by_id = now(), by.id if by else None
    db.session.flush()
    inviter = by.actor.name if by else ""
    post_invitation(invitation, path_of(invitation), inviter=inviter, network=network_of(invitation))
    db.session.commit()


def network_of(invitation: Invitation) -> Network | Hub | None:
    """The network, or the hub of it, to whose desk somebody is invited."""
    if invitation.hub_id is not None:
        return db.session.get(Hub, invitation.hub_id)
    return db.session.get(Network, invitation.network_id) if invitation.network_id else None


def revoke(invitation: Invitation) -> None:
    """Take an invitation back."""
    invitation.revoked_at = now()
    db.session.commit()


def path_of(invitation: Invitation) -> str:
    """The address that accepts the invitation. Whoever has it is the invited person."""
    return f"/invitations/{_signer().dumps([invitation.id, _stamp(invitation)])}"


def invitation_of(token: str, *, lock: bool = False, at: datetime | None = None) -> Invitation:
    """The invitation that a link is for; locked to be accepted. Raises InvitationUsed."""
    try:
        number, stamp = _signer().loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise InvitationUsed(token) from error
    found = db.session.get(Invitation, number, with_for_update=lock)
    if found is None or not is_open(found, at=at) or stamp != _stamp(found):
        raise InvitationUsed(number)
    return found


def is_open(invitation: Invitation, *, at: datetime | None = None) -> bool:
    """Whether it can still be accepted."""
    young = (at or now()) - invitation.invited_at < VALID
    return invitation.accepted_at is None and invitation.revoked_at is None and young and _still_stands(invitation)


def _still_stands(invitation: Invitation) -> bool:
    """Whether whoever invited may still do so. The command line, which invites to the site only, always may."""
    host = invitation.invited_by
    if host is None:
        return invitation.listing is None and invitation.network_id is None
    if invitation.network_id is not None:
        network = db.session.get(Network, invitation.network_id)
        return network is not None and may_run_network(host, network)
    if invitation.listing is not None:
        return may_invite(host, invitation.listing)
    return host.active and may_manage_users(host)


def account_of(invitation: Invitation) -> User | None:
    """The account of the invited address. One whose address was never confirmed does not count: anybody can have made
    it, with a password of their own."""
    found = db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == invitation.email.lower()))
    return found if found and found.confirmed_at else None


def accept(invitation: Invitation, user: User) -> None:
    """Give the user what the invitation promises."""
    _grant(invitation, user)
    if SITE_LEVELS[invitation.site_role] > SITE_LEVELS[user.site_role]:
        user.site_role = invitation.site_role
    invitation.accepted_at = now()
    db.session.commit()


def accept_as_new(invitation: Invitation, *, name: str, password: str, locale: str) -> User:
    """Make the account of the invited address, with its right. The letter has proven the address."""
    user = db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == invitation.email.lower())) or User()
    user.email, user.name, user.locale = invitation.email, name, locale
    set_password(user, password)
    user.confirmed_at = now()
    db.session.add(user)
    db.session.flush()
    accept(invitation, user)
    return user


def set_password(user: User, password: str) -> None:
    """Set a password and sign out whoever is signed in with an old one."""
    user.password, user.fs_uniquifier = hash_password(password), new_uniquifier()


def _grant(invitation: Invitation, user: User) -> None:
    network = db.session.get(Network, invitation.network_id) if invitation.network_id else None
    if network is not None:
        hub = db.session.get(Hub, invitation.hub_id) if invitation.hub_id else None
        grant_desk(network, user, hub, by=invitation.invited_by.actor if invitation.invited_by else user.actor)
        return
    if invitation.listing_id is None or invitation.role is None:
        return
    grant = next((each for each in user.grants if each.listing_id == invitation.listing_id), None)
    if grant is None:
        user.grants.append(
            Grant(listing_id=invitation.listing_id, role=invitation.role, granted_by_id=invitation.invited_by_id)
        )
    elif OWNER_LEVELS[invitation.role] > OWNER_LEVELS[grant.role]:
        grant.role, grant.granted_by_id, grant.granted_at = invitation.role, invitation.invited_by_id, now()


def _open_invitation(email: str, listing: Listing | None) -> Invitation | None:
    to = Invitation.listing_id.is_(None) if listing is None else Invitation.listing_id == listing.id
    return db.session.scalars(_open(email).where(to, Invitation.network_id.is_(None))).first()


def _open(email: str) -> sa.Select[Invitation]:
    """Invitations of an address that were neither accepted nor taken back."""
    unused = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    return sa.select(Invitation).where(Invitation.email == email.lower(), *unused)


def _stamp(invitation: Invitation) -> int:
    """Which letter of the invitation it is: the time it was written, in microseconds."""
    return round(invitation.invited_at.timestamp() * 1_000_000)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="invitation")
