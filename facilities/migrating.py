"""Migrations of the database, by Alembic."""

import logging
from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_alembic import Alembic

from facilities.db import Model


class Migrations(Alembic):
    """Migrations that may make a table anew: SQLite, which cannot change a constraint otherwise, must not take the
    dropped old table for deleted rows and delete all that refers to them."""

    def run_migrations(self, fn: Callable[..., Any], **kwargs: Any) -> None:
        connection = self.migration_context.connection
        if connection is None or connection.dialect.name != "sqlite":
            super().run_migrations(fn, **kwargs)
            return
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            super().run_migrations(fn, **kwargs)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"migrations left rows that refer to nothing: {broken[:5]}")


_alembic = Migrations(metadatas=Model.metadata, run_mkdir=False, command_name="")


def migrations() -> Migrations:
    """Those of the current application, which has not been asked anything yet."""
    if "alembic" not in current_app.extensions:
        logging.getLogger("alembic").setLevel(logging.WARNING)
        _alembic.init_app(current_app._get_current_object())  # type: ignore[attr-defined]
    return _alembic
