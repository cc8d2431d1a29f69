"""Networks as pages and other parts read them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.db import db
from facilities.insight.models import Edition
from facilities.networks.models import FormerSlug, Hub, Network, in_lists

APPLICATIONS = "applications"
"""In addresses it stands before the tokens of applications."""


def network_called(slug: str) -> Network | None:
    """The network with that slug, public or not."""
    return db.session.scalar(sa.select(Network).where(Network.slug == slug))


def hub_called(network: Network, slug: str) -> Hub | None:
    return db.session.scalar(sa.select(Hub).where(Hub.network_id == network.id, Hub.slug == slug))


def public_networks() -> list[Network]:
    """All that visitors are led to, by name, with their own listings."""
    query = sa.select(Network).where(in_lists()).options(joinedload(Network.organisation))
    found = db.session.scalars(query).unique()
    return sorted(found, key=lambda network: network.name.casefold())


def slug_is_free(slug: str, network: Network | None = None) -> bool:
    """Whether a network, a new one unless named, can have the slug: no other has it or had it, and no facts were frozen
    under it."""
    own = network.id if network else 0
    has = sa.select(Network.id).where(Network.slug == slug, Network.id != own)
    had = sa.select(FormerSlug.network_id).where(FormerSlug.slug == slug, FormerSlug.network_id != own)
    frozen = sa.select(Edition.id).where(Edition.scope == f"network/{slug}").limit(1)
    return slug != APPLICATIONS and not any(db.session.scalar(query) for query in (has, had, frozen))
