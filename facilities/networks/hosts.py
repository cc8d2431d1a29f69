"""Networks under a host name of their own: what the visitor's browser says is compared with stored names only."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from facilities.networks.host_names import slug_at
from facilities.networks.queries import network_called


def init_app(app: Flask) -> None:
    """Have requests for a network's host be about that network: its page is the first one, its members what is
    searched. All other addresses stay what they are."""

    @app.before_request
    def enter_by_host() -> Any:
        slug = slug_at(_host()) if _may_be_a_networks() else ""
        network = network_called(slug) if slug else None
        if network is None or not network.published:
            return None
        g.network, g.under_host_of_network = network, True
        if request.path == "/" and request.method in ("GET", "HEAD"):
            return app.view_functions["networks.network"](slug=network.slug)
        return None


def _host() -> str:
    return request.host.partition(":")[0].rstrip(".").lower()


def _may_be_a_networks() -> bool:
    """Not asked about the site's own name, a machine of the local network, or files."""
    own = urlsplit(current_app.config["SITE_URL"]).hostname
    return request.endpoint != "static" and "." in _host() and _host() != own
