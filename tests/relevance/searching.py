"""The catalogues that queries are asked of, made and searched by the site's own means, and plain BM25 beside them."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from facilities.catalogue.models import Listing, SourceRecord
from facilities.db import db
from facilities.exchange.demo import load_demo
from facilities.exchange.records.importing import import_records
from facilities.search.asking import ask
from facilities.search.index import all_documents, rebuild
from facilities.search.query import SearchQuery
from facilities.search.understanding import technique_labels
from search_index.postgresql import PostgreSQLIndex
from tests.conftest import SHARED_DATA, running_app, running_postgresql
from tests.relevance.judged import CATALOGUES, JudgedQuery
from tests.relevance.measures import DEPTH

CORPUS = SHARED_DATA / "records" / "corpus.jsonl"
"""Real records that others published; only developers' machines have them."""


@contextmanager
def searchable(catalogue: str, folder: Path, *, engine: str = "whoosh", **settings: Any) -> Iterator[Flask]:
    """A site with one of the catalogues, imported and indexed by an engine; its files lie in `folder`."""
    with running_app(folder, **settings) as app:
        if catalogue == "demo":
            load_demo()
        else:
            import_records(CORPUS, on_error="skip")
        if engine == "postgresql":
            with running_postgresql() as server, index_on_postgresql(app, server):
                yield app
            return
        rebuild()
        yield app


@contextmanager
def index_on_postgresql(app: Flask, server: str) -> Iterator[None]:
    """Have a site keep its index in a database of a server, whatever database its catalogue is in."""
    before = app.extensions["search_index"]
    app.extensions["search_index"] = PostgreSQLIndex(server.replace("+psycopg", ""), words=technique_labels)
    rebuild()
    yield
    app.extensions["search_index"] = before


def present() -> list[str]:
    """The catalogues that can be made here."""
    return [catalogue for catalogue in CATALOGUES if catalogue == "demo" or CORPUS.is_file()]


class Searcher(Protocol):
    """What is compared."""

    name: str

    def first_ten(self, query: JudgedQuery) -> list[str]:
        """The records that a visitor sees first, best first."""


class OurSearch:
    """The search as the results page makes it."""

    name = "ours"

    def __init__(self, app: Flask, catalogue: str) -> None:
        self.catalogue = catalogue
        self.app = app
        self._records = records_by_listing()

    def first_ten(self, query: JudgedQuery) -> list[str]:
        """The records that a visitor sees first, best first."""
        asked = SearchQuery.from_args(MultiDict({"q": query.text, "per_page": str(DEPTH)}))
        with self.app.test_request_context(asked.url):
            found = ask(asked, facets=(), snippets=False).found
        return [self._records[listing_id] for listing_id in found.ids]


class PlainBM25:
    """Any of the words, English stems, accents folded, all texts of a listing alike: SQLite's FTS5 as it comes."""

    name = "plain BM25"

    def __init__(self) -> None:
        self._records = records_by_listing()
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE listings USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = ((found.id, "\n".join(text.value for text in found.texts)) for found in all_documents())
        self._database.executemany("INSERT INTO listings(rowid, text) VALUES (?, ?)", rows)

    def first_ten(self, query: JudgedQuery) -> list[str]:
        """The records that BM25 puts first, best first."""
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query.text))
        best = "SELECT rowid FROM listings WHERE listings MATCH ? ORDER BY bm25(listings) LIMIT ?"
        return [self._records[row[0]] for row in self._database.execute(best, (words, DEPTH))]


def searchers(app: Flask, catalogue: str) -> Sequence[Searcher]:
    """What is compared, over the catalogue of the current application."""
    return OurSearch(app, catalogue), PlainBM25()


def listing_names() -> dict[str, str]:
    """Record -> what its listing is called."""
    named = sa.select(SourceRecord.source_id, Listing.name).join(Listing, Listing.id == SourceRecord.listing_id)
    return dict(db.session.execute(named).all())


def records_by_listing() -> dict[int, str]:
    """Listing id -> the name judgements know it by."""
    named = sa.select(SourceRecord.listing_id, SourceRecord.source_id).order_by(SourceRecord.id.desc())
    return dict(db.session.execute(named).all())
