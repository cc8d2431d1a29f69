"""The host names of networks, kept in the memory of each process for a while."""

from time import monotonic

import sqlalchemy as sa
from flask import current_app

from facilities.db import db
from facilities.networks.models import Network

KEPT = 30.0
"""Seconds after which another process's change of a host name is seen."""

KEY = "network_hosts"
NOT_READ: tuple[float, dict[str, str]] = (0.0, {})


def slug_at(host: str) -> str:
    """The slug of the network that has the host name, as it was at most KEPT seconds ago; empty if none has."""
    read_at, known = current_app.extensions.get(KEY, NOT_READ)
    if not read_at or monotonic() - read_at > KEPT:
        rows = db.session.execute(sa.select(Network.host, Network.slug).where(Network.host.is_not(None)))
        known = {name: slug for name, slug in rows if name}
        current_app.extensions[KEY] = (monotonic(), known)
    return str(known.get(host, ""))


def forget_hosts() -> None:
    """Have this process read the names anew."""
    current_app.extensions[KEY] = NOT_READ
