"""What the desks of networks read: whom they are, what waits for them, what they have done."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import Invitation, User
from facilities.db import db, now
from facilities.networks.models import OVERDUE, Application, ApplicationState, Hub, Network, NetworkAct, NetworkGrant


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
    query = sa.select(NetworkGrant).where(NetworkGrant.user_id == user.id)
    grants = db.session.scalars(query.options(joinedload(NetworkGrant.network), joinedload(NetworkGrant.hub)))
    return sorted((grant.hub or grant.network for grant in grants), key=lambda each: each.name.casefold())


def acts_of(network: Network, most: int, *, skip: int = 0) -> list[NetworkAct]:
    """The log, the newest first."""
    query = sa.select(NetworkAct).where(NetworkAct.network_id == network.id).order_by(NetworkAct.id.desc())
    return list(db.session.scalars(query.limit(most).offset(skip)))


def applications_to(network: Network) -> list[Application]:
    """Those that wait, the oldest first."""
    waits = (Application.network_id == network.id, Application.state == ApplicationState.WAITING)
    return list(db.session.scalars(sa.select(Application).where(*waits).order_by(Application.id)))


def decided_by(network: Network, most: int, *, skip: int = 0) -> tuple[list[Application], int]:
    """So many of those that do not wait any more, the newest first; and how many there are in all."""
    over = (Application.network_id == network.id, Application.state != ApplicationState.WAITING)
    query = sa.select(Application).where(*over).order_by(Application.id.desc())
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Application).where(*over)) or 0
    return list(db.session.scalars(query.limit(most).offset(skip))), total


def applications_for(hub: Hub) -> list[Application]:
    """Those that wait and are for the hub, the oldest first."""
    waits = (Application.hub_id == hub.id, Application.state == ApplicationState.WAITING)
    return list(db.session.scalars(sa.select(Application).where(*waits).order_by(Application.id)))


def waiting_count(network: Network) -> int:
    """How many applications wait for a decision."""
    waiting = (Application.network_id == network.id, Application.state == ApplicationState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Application).where(*waiting)) or 0


def waiting_counts(*, at: datetime | None = None) -> dict[int, tuple[int, int]]:
    """By network: how many applications wait for a decision, and how many of them too long already."""
    late = sa.func.count().filter(Application.applied_at < (at or now()) - OVERDUE)
    query = sa.select(Application.network_id, sa.func.count(), late).where(
        Application.state == ApplicationState.WAITING
    )
    rows = db.session.execute(query.group_by(Application.network_id))
    return {network: (waiting, late) for network, waiting, late in rows}


def all_networks() -> list[Network]:
    """Every network for the site's desk, by name."""
    return sorted(db.session.scalars(sa.select(Network)), key=lambda network: network.name.casefold())
