"""Networks as pages and other parts read them."""

import sqlalchemy as sa

from facilities.db import db
from facilities.networks.models import Hub, Network


def network_called(slug: str) -> Network | None:
    """The network with that slug, public or not."""
    return db.session.scalar(sa.select(Network).where(Network.slug == slug))


def hub_called(network: Network, slug: str) -> Hub | None:
    return db.session.scalar(sa.select(Hub).where(Hub.network_id == network.id, Hub.slug == slug))


def public_networks() -> list[Network]:
    """All that visitors may see, by name."""
    found = db.session.scalars(sa.select(Network).where(Network.published))
    return sorted(found, key=lambda network: network.name.casefold())
