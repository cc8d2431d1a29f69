"""Addresses from before a network moved lead to where it is now: its own pages, and searches that name it."""

from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Flask, abort, redirect, request

from facilities.access import me
from facilities.db import db
from facilities.networks.models import FormerSlug, Network
from facilities.networks.moving import FACETS, moved_value
from facilities.networks.rights import may_see_network

SAFE = ("GET", "HEAD")


def init_app(app: Flask) -> None:
    """Have searches and maps that name a network by its old address be found at the new one."""

    @app.before_request
    def lead_on_searches() -> Any:
        named = {value.partition("/")[0] for facet in FACETS for value in request.args.getlist(facet)}
        is_page = request.endpoint is not None and request.method in SAFE
        moved = _moved(named) if named and is_page else {}
        if not moved:
            return None
        pairs = [(name, _now(name, value, moved)) for name, value in request.args.items(multi=True)]
        return redirect(f"{quote(request.path)}?{urlencode(pairs)}", 301)


def lead_on(slug: str) -> None:
    """End the request with the way to a network that was called so; else nothing happens."""
    network = _moved({slug}).get(slug)
    if network is None:
        return
    path = quote(request.path.replace(f"/networks/{slug}", network.path, 1))
    query = request.query_string.decode()
    abort(redirect(f"{path}?{query}" if query else path, 301 if request.method in SAFE else 308))


def _now(name: str, value: str, moved: dict[str, Network]) -> str:
    network = moved.get(value.partition("/")[0])
    return moved_value(name, value, value.partition("/")[0], network.slug) if network else value


def _moved(slugs: set[str]) -> dict[str, Network]:
    """The networks that had these slugs before and that the visitor may see, by them; a slug that another one has now
    is that one's."""
    taken = sa.select(Network.slug).where(Network.slug.in_(slugs))
    query = sa.select(FormerSlug.slug, Network).join(FormerSlug.network)
    rows = db.session.execute(query.where(FormerSlug.slug.in_(slugs), FormerSlug.slug.not_in(taken)))
    return {slug: network for slug, network in rows if may_see_network(me(), network)}
