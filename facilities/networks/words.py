"""The texts of networks in the visitor's language, and the words of the frame about them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from facilities.access import me
from facilities.languages import read_best, spoken_now
from facilities.networks.models import Network
from facilities.networks.rights import may_run_network, runs_any_network
from facilities.networks.staying import part_here, staying


class Said(NamedTuple):
    """A text and the language it is in; `lang` is empty if that is the page's own."""

    text: str
    lang: str


def said_in(texts: Mapping[str, Any]) -> Said:
    """The text in the language that suits the visitor best."""
    written = [language for language, text in texts.items() if text]
    language = read_best(written)
    return Said(str(texts.get(language, "")), "" if language == spoken_now() else language)


def search_address() -> str:
    """Where the search box in the head of this page searches."""
    network = part_here()
    return f"{network.path}/search" if network else "/search"


def suggest_address() -> str:
    """What the search box asks for suggestions; in a network's part of the site listings are those of its members."""
    return f"/suggest{staying()}"


def desk_address(network: Network) -> str:
    """Where the user keeps the network or a hub of it; empty for others."""
    user = me()
    if may_run_network(user, network):
        return f"/manage{network.path}/"
    if user is None:
        return ""
    hub = next((grant.hub for grant in user.network_grants if grant.network_id == network.id and grant.hub), None)
    return f"/manage{hub.path}" if hub else ""


def has_networks() -> bool:
    """Whether the user works for any network or hub."""
    return runs_any_network(me())
