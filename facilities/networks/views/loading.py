"""The network or hub that a page of a desk is about, if the user may change it."""

from collections.abc import Callable

from flask import abort, g, request

from facilities.access import me, refuse
from facilities.accounts.models import User
from facilities.networks.changing import network_to_change
from facilities.networks.models import Hub, Network
from facilities.networks.queries import hub_called
from facilities.networks.rights import may_run_hub, may_run_network
from facilities.networks.scope import enter

SAFE = {"GET", "HEAD", "OPTIONS"}


def network_for(slug: str, rule: Callable[[User | None, Network], bool] = may_run_network) -> Network:
    """The network, locked if the request may change something. 404 for one that the user may not see, 403 or the
    sign-in page if the rule does not hold."""
    if request.method not in SAFE:
        network_to_change(slug)
    found = enter(slug)
    if not rule(me(), found):
        abort(refuse())
    return found


def hub_for(slug: str, hub_slug: str) -> Hub:
    """The same of a hub, for its own desk too."""
    found = network_for(slug, rule=lambda _user, _network: True)
    hub = hub_called(found, hub_slug) or abort(404)
    if not may_run_hub(me(), hub):
        abort(refuse())
    return hub


def user() -> User:
    """Who is signed in: the routes of desks let nobody else in."""
    return me() or abort(401)


def leave_network() -> None:
    """Have the page be the site's again."""
    g.pop("network", None)
