"""What every change of a network's part has in common: the log, the lock, the index, and marks of what was seen."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models.parts import Actor
from facilities.db import db, now, writing
from facilities.networks.members import all_memberships
from facilities.networks.models import Network, NetworkAct
from facilities.search.index import follow, mark
from facilities.search.queries import listing_and_descendants

MOST_AT_ONCE = 300
"""Listings that are indexed anew before the desk sees the next page; more are left to the worker."""


class ChangedMeanwhile(Exception):
    """Somebody else has changed the same since it was opened."""


def network_to_change(slug: str) -> Network | None:
    """The network, locked until the transaction ends and read after that: changes of one network queue.

    What only names the network, as each line of its log does, does not wait for the lock: who has locked an application
    and writes such a line would wait for who has locked the network and waits for the application."""
    writing()
    query = sa.select(Network).where(Network.slug == slug).with_for_update(key_share=True)
    return db.session.scalar(query, execution_options={"populate_existing": True})


def note(
    network: Network,
    what: str,
    *,
    by: Actor,
    about: str = "",
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> NetworkAct:
    """Write into the network's log who did what; the caller commits."""
    act = NetworkAct(
        network_id=network.id,
        what=what,
        about=about[:600],
        changes=dict(changes or {}),
        reason=reason,
        made_by=by.name[:120],
        made_by_id=by.user_id,
    )
    db.session.add(act)
    return act


def save(organisation_ids: Iterable[int] = ()) -> None:
    """Commit a change together with the index jobs of these organisations and all below them, then have the index
    follow."""
    db.session.flush()
    ids = sorted(set(organisation_ids))
    concerned = listing_and_descendants(ids) if ids else set()
    if concerned:
        mark(concerned)
    db.session.commit()
    if 0 < len(concerned) <= MOST_AT_ONCE:
        follow()


def everybody(network: Network) -> list[int]:
    """The organisations that are, were or will be members: what the index says of them depends on the network."""
    return [member.organisation_id for member in all_memberships(network)]


def write(row: Any, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write the fields that differ; gives {field: [before, after]} in JSON values."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = [_plain(before), _plain(value)]
    return changes


def seen(row: Any) -> str:
    """A mark of what a row says: another one once somebody has changed it."""
    said = [(column.key, str(getattr(row, column.key))) for column in sa.inspect(type(row)).column_attrs]
    return blake2b(repr(sorted(said)).encode(), digest_size=9).hexdigest()


def check_unchanged(row: Any, mark_seen: str) -> None:
    """Raises ChangedMeanwhile if the row no longer says what it did when it was opened."""
    if mark_seen != seen(row):
        raise ChangedMeanwhile


def touch(network: Network) -> None:
    """Note that the network's page says something new."""
    network.changed_at = now()


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)
