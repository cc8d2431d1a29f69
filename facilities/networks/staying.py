"""Listings that are opened from a network's part of the site stay in it: their address names the network."""

import sqlalchemy as sa
from flask import Flask, g, request

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.networks.members import today
from facilities.networks.models import Membership, Network, in_force
from facilities.networks.scope import entered


def init_app(app: Flask) -> None:
    """Have `/instruments/7-laser?network=north` be one of that network's pages, if the listing is of one of its members
    today. For any other listing the address is the site's own."""

    @app.before_request
    def stay() -> None:
        slug = request.args.get("network", "") if request.endpoint == "catalogue.listing" else ""
        network = _network_of((request.view_args or {})["listing_id"], slug) if slug and not entered() else None
        if network is not None:
            g.network, g.stays_in_network = network, True


def _network_of(listing_id: int, slug: str) -> Network | None:
    """The public network of that slug if the listing, or the organisation that it belongs to, is a member today."""
    owner = sa.func.coalesce(Listing.organisation_id, Listing.id)
    member = sa.select(owner).where(Listing.id == listing_id).scalar_subquery()
    belongs = sa.select(Membership.id).where(
        Membership.network_id == Network.id, Membership.organisation_id == member, in_force(today())
    )
    return db.session.scalar(sa.select(Network).where(Network.slug == slug, Network.published, belongs.exists()))


def part_here() -> Network | None:
    """The network in whose part of the site this page is by its address; under a network's host name none is named."""
    network = entered()
    if network is None or not (g.get("stays_in_network") or request.path.startswith(network.path)):
        return None
    return network


def staying() -> str:
    """What follows the address of a listing on this page, so that it opens in the network's part of the site too."""
    network = part_here()
    return f"?network={network.slug}" if network and network.published else ""
