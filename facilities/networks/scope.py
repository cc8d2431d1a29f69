"""The network whose part of the site a page belongs to: the frame then shows its name and pages."""

from flask import abort, g

from facilities.access import me
from facilities.networks.models import Network
from facilities.networks.moved import lead_on
from facilities.networks.queries import network_called
from facilities.networks.rights import may_see_network


def enter(slug: str) -> Network:
    """Have the page be one of the network's. Who has an address from before it moved is led on; 404 if there is none,
    or none that the visitor may see."""
    network = network_called(slug)
    if network is None:
        lead_on(slug)
    if network is None or not may_see_network(me(), network):
        abort(404)
    g.network = network
    return network


def entered() -> Network | None:
    """The network whose page this is, if any."""
    found: Network | None = g.get("network")
    return found
