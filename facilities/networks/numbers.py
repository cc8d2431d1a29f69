"""What the search index knows about the members of a network or hub."""

from facilities.networks.models import Hub, Network
from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.query import SearchQuery


def numbers_of(network: Network, hub: Hub | None = None) -> dict[str, int]:
    """How many listings of each kind its members have."""
    if not index().exists():
        return {}
    where = ("hub", hub.key) if hub else ("network", network.slug)
    found = ask(SearchQuery(fixed=(where,)), limit=0, offset=0, facets=("kind",), snippets=False).found
    return dict(found.facets.get("kind", []))
