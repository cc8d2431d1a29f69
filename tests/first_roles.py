"""The roles in the value chain that every site begins with, as the migration makes them."""

from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import ActorRole


def fill_roles(engine: sa.Engine) -> None:
    """Have a database with tables and without roles hold the first ones."""
    with engine.begin() as connection:
        if connection.scalar(sa.select(ActorRole.id).limit(1)) is None:
            connection.execute(sa.insert(ActorRole.__table__), _first())


@cache
def _first() -> list[dict[str, Any]]:
    roles = import_module("migrations.20261124_1_actors").FIRST_ROLES
    return [
        {"slug": slug, "position": position, "labels": labels, "descriptions": {}, "topics": topics}
        for position, (slug, labels, topics) in enumerate(roles)
    ]
