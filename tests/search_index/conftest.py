"""An empty index for each test, kept by either engine: on disk, and in a database where there is a server."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from search_index import Index, WhooshIndex

ENGINES = ["whoosh", "postgresql"] if find_spec("psycopg") else ["whoosh"]


@pytest.fixture(scope="session")
def search_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database for the index alone."""
    import psycopg

    server = request.getfixturevalue("postgresql").replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE searched")
        yield server.replace("/postgres?", "/searched?")
        connection.execute("DROP DATABASE searched WITH (FORCE)")


@pytest.fixture
def empty_database(search_database: str) -> str:
    """The address of a database without an index."""
    import psycopg

    with psycopg.connect(search_database, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning; DROP SCHEMA IF EXISTS search_index CASCADE")
    return search_database


@pytest.fixture(params=ENGINES)
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Index]:
    """Opens the index of this test, as each process does; the test runs on both engines."""
    if request.param == "whoosh":
        return partial(WhooshIndex, tmp_path / "index")
    from search_index.postgresql import PostgreSQLIndex

    return partial(PostgreSQLIndex, request.getfixturevalue("empty_database"))


@pytest.fixture
def index(open_index: Callable[..., Index]) -> Index:
    return open_index()


@pytest.fixture
def whoosh_index(tmp_path: Path) -> Index:
    return WhooshIndex(tmp_path / "index")
