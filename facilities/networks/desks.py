"""What the desks of networks read: whom they are, what waits for them, what they have done."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import Invitation, User
from facilities.db import db
from facilities.networks.models import Application, ApplicationState, Hub, Network, NetworkAct, NetworkGrant


def desk_of(network: Network) -> list[NetworkGrant]:
    """Who belongs to the desk of the network or of its hubs, by name."""
    query = sa.select(NetworkGrant).where(NetworkGrant.network_id == network.id).options(joinedload(NetworkGrant.user))
    return sorted(db.session.scalars(query), key=lambda grant: grant.user.actor.name.casefold())


def invitations_to(network: Network) -> list[Invitation]:
    """Those that were neither accepted nor taken back, the newest first."""
    unused = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    query = sa.select(Invitation).where(Invitation.network_id == network.id, *unused)
    return list(db.session.scalars(query.order_by(Invitation.id.desc())))


def my_desks(user: User) -> list[Network | Hub]:
    """The networks and hubs that the user works for."""
    return sorted((grant.hub or grant.network for grant in user.network_grants), key=lambda each: each.name.casefold())


def acts_of(network: Network, most: int, *, skip: int = 0) -> list[NetworkAct]:
    """The log, the newest first."""
    query = sa.select(NetworkAct).where(NetworkAct.network_id == network.id).order_by(NetworkAct.id.desc())
    return list(db.session.scalars(query.limit(most).offset(skip)))


def applications_to(network: Network, *, waiting: bool) -> list[Application]:
    """Those that wait, the oldest first; or those that are decided, the newest first."""
    query = sa.select(Application).where(Application.network_id == network.id)
    state = Application.state == ApplicationState.WAITING
    if waiting:
        return list(db.session.scalars(query.where(state).order_by(Application.id)))
    return list(db.session.scalars(query.where(~state).order_by(Application.id.desc()).limit(100)))


def waiting_count(network: Network) -> int:
    """How many applications wait for a decision."""
    waiting = (Application.network_id == network.id, Application.state == ApplicationState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Application).where(*waiting)) or 0


def all_networks() -> list[Network]:
    """Every network for the site's desk, by name."""
    return sorted(db.session.scalars(sa.select(Network)), key=lambda network: network.name.casefold())
