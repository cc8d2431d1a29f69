"""The pages and files of facts, for each scope at an address of its own."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app

from facilities.catalogue.models.vocabulary import label_in
from facilities.insight.facts.scopes import SITE, Scope, of_hub, of_network, of_place
from facilities.networks.queries import hub_called
from facilities.networks.scope import enter, entered

bp = Blueprint("facts", __name__)

FROZEN = {"": "", "network_": "/networks/<slug>", "hub_": "/networks/<slug>/hubs/<hub>"}
"""Where the facts of a scope are that can be frozen, by how the names of its routes begin."""

EVERYWHERE = FROZEN | {"place_": "/places/<country>/<town>"}

View = Callable[..., Any]


def at(rule: str, below: dict[str, str]) -> Callable[[View], View]:
    """Have a view answer at an address below each of these; it is given what `scope_for` takes."""

    def add(view: View) -> View:
        for beginning, address in below.items():
            bp.add_url_rule(f"{address}/facts{rule}", f"{beginning}{view.__name__}", view)
        return view

    return add


def scope_for(slug: str = "", hub: str = "", country: str = "", town: str = "") -> Scope:
    """What the address is about: without a slug the network under whose host name it is, else the site. 404 if there is
    no such network, hub or place, or none that the visitor may see."""
    if country:
        return of_place(country, town) or abort(404)
    network = enter(slug) if slug else entered()
    if network is None:
        return SITE
    return of_hub(hub_called(network, hub) or abort(404)) if hub else of_network(network)


def name_of(scope: Scope) -> str:
    """What it is called in the visitor's language."""
    return label_in(scope.names) if scope.names else str(current_app.config["SITE_NAME"])


from facilities.insight.facts.views import editions, files, freezing, pages  # noqa: E402

__all__ = ["bp", "editions", "files", "freezing", "pages"]
