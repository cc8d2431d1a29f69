"""What a page of a network or of its desk is about: the network, hub, membership or row if the user may change it, and
the members that the request asks for."""

from collections.abc import Callable
from typing import Any

from flask import abort, g, request

from facilities.access import me, refuse
from facilities.accounts.models import User
from facilities.catalogue.models import OrganisationKind
from facilities.db import as_id, db
from facilities.networks.changing import network_to_change
from facilities.networks.members import Wanted
from facilities.networks.models import Hub, Membership, Network
from facilities.networks.queries import hub_called
from facilities.networks.rights import may_run_hub, may_run_network
from facilities.networks.scope import enter

SAFE = {"GET", "HEAD", "OPTIONS"}
LONGEST = 120
SORTS = ("name", "newest")
MARKS = ("founder", "partner")


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


def membership_of(network: Network, number: int) -> Membership:
    """The membership, if it is one of the network's; else 404."""
    found = db.session.get(Membership, number)
    return found if found is not None and found.network_id == network.id else abort(404)


def row_or_404(rows: list[Any], number: str) -> Any:
    """The row of that number, if it belongs to the network."""
    return next((row for row in rows if row.id == as_id(number)), None) or abort(404)


def wanted_here() -> Wanted:
    """What the request asks for; what cannot be is left out."""
    args = {name: " ".join(request.args.get(name, "").split())[:LONGEST] for name in Wanted.__slots__}
    return Wanted(
        text=" ".join(request.args.get("q", "").split())[:LONGEST],
        category=args["category"],
        hub=args["hub"],
        kind=args["kind"] if args["kind"] in list(OrganisationKind) else "",
        mark=args["mark"] if args["mark"] in MARKS else "",
        sort=args["sort"] if args["sort"] in SORTS else "name",
    )


def user() -> User:
    """Who is signed in: the routes of desks let nobody else in."""
    return me() or abort(401)


def leave_network() -> None:
    """Have the page be the site's again."""
    g.pop("network", None)
