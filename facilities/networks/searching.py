"""Searches in a network's part of the site: the same as everywhere, narrowed to its members."""

from dataclasses import replace

from flask import abort, redirect, request

from facilities.networks.models import Network
from facilities.networks.scope import enter, entered
from facilities.search.query import SearchQuery


def query_here(slug: str = "") -> SearchQuery:
    """The search that the request asks for. `slug` is the network that the address names; under the host name of a
    network its searches have the site's usual addresses. One that has closed is searched no longer: its own searches
    lead to its page."""
    query = SearchQuery.from_args(request.args)
    network = enter(slug) if slug else entered()
    if network and network.closed():
        return query if not slug else abort(redirect(network.path))
    return among_members(query, network, base=f"{network.path}/search" if slug else "/search") if network else query


def among_members(query: SearchQuery, network: Network, *, base: str) -> SearchQuery:
    """The search narrowed to a network's members, with its pages and filters at addresses that begin with `base`."""
    kept = {facet: values for facet, values in query.filters.items() if facet != "network"}
    return replace(query, filters=kept, base=base, fixed=(("network", network.slug),))
