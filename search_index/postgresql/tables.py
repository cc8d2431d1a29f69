"""The tables, in a schema of their own. What they hold is made from the catalogue, so migrations know nothing of them.

    state               one row: which edition is in use, how many commits there were
    documents_<edition> a row for each version of a document, with its record and texts as the index keeps them
    texts_<edition>     a row for each field of such a document, with its terms
    terms_<edition>     all terms
    gone_<edition>      which versions are no longer there, and since which generation

A version has a number of its own that is never used again, so what a process has read of it stays true. A version that
is gone is kept for a day, for the searches that began before.
"""

import secrets
from typing import NamedTuple

from psycopg import errors
from psycopg.sql import SQL, Composed, Identifier, Literal

from search_index.postgresql.connections import Connection
from search_index.records import FORMAT_VERSION

SCHEMA = "search_index"
KEPT = "1 day"
_KINDS = ("documents", "texts", "terms", "gone")
_STATE = """
    CREATE SCHEMA IF NOT EXISTS search_index;
    CREATE SEQUENCE IF NOT EXISTS search_index.editions AS int START WITH {first};
    CREATE TABLE IF NOT EXISTS search_index.state (
        format int NOT NULL,
        edition int NOT NULL,
        generation bigint NOT NULL,
        next_number int NOT NULL,
        forgotten bigint NOT NULL,
        only_one bool PRIMARY KEY DEFAULT true CHECK (only_one)
    )"""
_EDITION = """
    CREATE TABLE {documents} (
        number int PRIMARY KEY, id bigint NOT NULL, version text NOT NULL, record bytea NOT NULL, text bytea NOT NULL);
    CREATE TABLE {texts} (number int NOT NULL, field int NOT NULL, words tsvector NOT NULL);
    CREATE TABLE {terms} (term text COLLATE "C" PRIMARY KEY);
    CREATE TABLE {gone} (
        number int PRIMARY KEY, generation bigint NOT NULL, gone_at timestamptz NOT NULL DEFAULT now())"""
_INDEXES = """
    CREATE INDEX ON {documents} (id);
    CREATE INDEX ON {texts} (number);
    CREATE INDEX ON {texts} USING gin (words) WITH (fastupdate = off);
    CREATE INDEX ON {gone} (generation);
    ANALYZE {documents};
    ANALYZE {texts};
    ANALYZE {gone}"""


class State(NamedTuple):
    """What is in use: the generation counts commits, numbers from `next_number` on are free, and of the versions that
    went up to generation `forgotten` nothing is left."""

    format: int
    edition: int
    generation: int
    next_number: int
    forgotten: int


def of_edition(query: str, edition: int) -> Composed:
    """A query with the names of an edition's tables put in for their kinds in braces."""
    names = {kind: Identifier(SCHEMA, f"{kind}_{edition}") for kind in _KINDS}
    return SQL(query).format(**names)


def read_state(connection: Connection) -> State | None:
    """What is in use; None if there is no index, or one in another format."""
    try:
        row = connection.execute(
            "SELECT format, edition, generation, next_number, forgotten FROM search_index.state"
        ).fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return None
    return State(*row) if row and row[0] == FORMAT_VERSION else None


def prepare(connection: Connection) -> None:
    """Make what all editions share. The caller holds the write lock.

    Editions are numbered from anywhere, so that no process takes a schema that was made anew for the one before.
    """
    if connection.execute("SELECT to_regclass('search_index.state') IS NULL").fetchone() == (True,):
        connection.execute(SQL(_STATE).format(first=Literal(1 + secrets.randbelow(10**9))))


def new_edition(connection: Connection) -> int:
    """The number of a new edition, whose tables are made, without indexes."""
    row = connection.execute("SELECT nextval('search_index.editions')").fetchone()
    assert row is not None
    edition = int(row[0])
    connection.execute(of_edition(_EDITION, edition))
    return edition


def add_indexes(connection: Connection, edition: int) -> None:
    """Make an edition fit for searching. Filling first and indexing after is quicker."""
    connection.execute(of_edition(_INDEXES, edition))


def use_edition(connection: Connection, edition: int, next_number: int) -> int:
    """Make an edition the one in use; returns its generation, which comes after all earlier ones."""
    row = connection.execute(
        "INSERT INTO search_index.state (format, edition, generation, next_number, forgotten) VALUES (%s, %s, 1, %s, 0)"
        " ON CONFLICT (only_one) DO UPDATE SET format = excluded.format, edition = excluded.edition,"
        " generation = state.generation + 1, next_number = excluded.next_number RETURNING generation",
        (FORMAT_VERSION, edition, next_number),
    ).fetchone()
    assert row is not None
    return int(row[0])


def remove_unused(connection: Connection) -> None:
    """Drop the tables of editions that are not in use. One that is being read for long is left to the next rebuild."""
    state = read_state(connection)
    used = [f"{kind}_{state.edition}" for kind in _KINDS] if state else []
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> ALL(%s)", (SCHEMA, [*used, "state"])
    ).fetchall()
    for (name,) in rows:
        try:
            with connection.transaction():
                connection.execute("SET LOCAL lock_timeout = '5s'")
                connection.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(SCHEMA, name)))
        except errors.LockNotAvailable:
            continue
