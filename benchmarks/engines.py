"""Engines in this process that do the same job: best 20, exact total, eight facets and 20 marked passages."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import tantivy

from benchmarks.questions import Question
from search_index import FACETS, FIELDS, Document, Index, Query, WhooshIndex
from search_index.facets import facet_column, most_frequent, new_facet_values
from search_index.weights import FIELD_WEIGHTS

PAGE = 20
SHOWN = 30
_BOOSTS = {field: FIELD_WEIGHTS[field].weight for field in FIELDS}


class Engine(Protocol):
    """What is measured. `search` answers with how many documents were found."""

    name: str

    def build(self, documents: Sequence[Document]) -> None:
        """Index all documents anew."""

    def open(self) -> None:
        """Get ready to search what another process has built."""

    def search(self, question: Question) -> int:
        """Answer with hits, total, facets and passages."""

    def change(self, document: Document) -> None:
        """Replace one document, so that the next search sees it."""

    def memory(self) -> float:
        """Megabytes that it takes in other processes."""

    def stop(self) -> None:
        """End what it started."""


class InProcess:
    """An engine that is a library."""

    def memory(self) -> float:
        """Megabytes that it takes in other processes."""
        return 0.0

    def stop(self) -> None:
        """End what it started."""


class Ours(InProcess):
    """`search_index`."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._index: Index = WhooshIndex(folder / "ours")

    def build(self, documents: Sequence[Document]) -> None:
        """Index all documents anew."""
        self._index.rebuild(documents)

    def open(self) -> None:
        """Get ready to search what another process has built."""
        self._index.count()

    def search(self, question: Question) -> int:
        """Answer with hits, total, facets and passages."""
        return self.ask(question.query())

    def ask(self, query: Query) -> int:
        """Answer any query."""
        return self._index.search(query).total

    def warm_up(self) -> None:
        """Read what a web process reads before its first search."""
        self._index.warm_up()

    def change(self, document: Document) -> None:
        """Replace one document, so that the next search sees it."""
        self._index.apply([document], [])


class Tantivy(InProcess):
    """Tantivy with English stems, BM25 with the same weights, and its own aggregations for the facets."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder().add_unsigned_field("id", stored=True, indexed=True, fast=True)
        for field in FIELDS:
            builder = builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
        for facet in FACETS:
            builder = builder.add_text_field(f"f_{facet}", fast=True, tokenizer_name="raw")
        self._schema = builder.build()
        (folder / "tantivy").mkdir(exist_ok=True)
        self._index = tantivy.Index(self._schema, path=str(folder / "tantivy"))

    def build(self, documents: Sequence[Document]) -> None:
        """Index all documents anew."""
        writer = self._index.writer(64_000_000, 1)
        for document in documents:
            writer.add_document(self._convert(document))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def open(self) -> None:
        """Get ready to search what another process has built."""
        self._index.reload()

    def _convert(self, document: Document) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned("id", document.id)
        for text in document.texts:
            made.add_text(text.field, text.value)
        for facet, values in document.facets.items():
            for value in values:
                made.add_text(f"f_{facet}", value)
        return made

    def search(self, question: Question) -> int:
        """Answer with hits, total, facets and passages."""
        searcher = self._index.searcher()
        words, _ = self._index.parse_query_lenient(
            question.text(), list(FIELDS), field_boosts=_BOOSTS, conjunction_by_default=True
        )
        query = self._filtered(words, question.filters)
        result = searcher.search(query, PAGE, count=True)
        self._facets(searcher, words, query, question.filters)
        self._passages(searcher, words, result)
        return int(result.count)

    def _filtered(self, words: tantivy.Query, filters: dict[str, tuple[str, ...]], but: str = "") -> tantivy.Query:
        chosen = [
            (tantivy.Occur.Must, tantivy.Query.term_set_query(self._schema, f"f_{facet}", list(values)))
            for facet, values in filters.items()
            if facet != but
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, words), *chosen]) if chosen else words

    def _facets(
        self, searcher: tantivy.Searcher, words: tantivy.Query, query: tantivy.Query, filters: dict[str, Any]
    ) -> None:
        """All facets in one pass, and one more for each facet that is filtered itself."""
        searcher.aggregate(query, _terms(facet for facet in FACETS if facet not in filters))
        for facet in filters:
            searcher.aggregate(self._filtered(words, filters, facet), _terms([facet]))

    def _passages(self, searcher: tantivy.Searcher, words: tantivy.Query, result: Any) -> None:
        maker = tantivy.SnippetGenerator.create(searcher, words, self._schema, "description")
        for _, address in result.hits:
            maker.snippet_from_doc(searcher.doc(address)).to_html()

    def change(self, document: Document) -> None:
        """Replace one document, so that the next search sees it."""
        writer = self._index.writer(15_000_000, 1)
        writer.delete_documents("id", document.id)
        writer.add_document(self._convert(document))
        writer.commit()
        self._index.reload()


def _terms(facets: Any) -> dict[str, Any]:
    return {facet: {"terms": {"field": f"f_{facet}", "size": SHOWN}} for facet in facets}


class Fts5(InProcess):
    """SQLite's FTS5 with Porter stems and folded accents; facets by numpy, as SQL's are far slower."""

    name = "sqlite fts5"

    def __init__(self, folder: Path) -> None:
        self._kept = folder / "facets.pickle"
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.execute("PRAGMA journal_mode=WAL")
        columns = ", ".join(FIELDS)
        tokens = "porter unicode61 remove_diacritics 2"
        self._database.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5({columns}, tokenize='{tokens}')")
        weights = ", ".join(str(_BOOSTS[field]) for field in FIELDS)
        self._best = (
            f"SELECT rowid, snippet(texts, {FIELDS.index('description')}, '<b>', '</b>', '…', 24) FROM texts"
            f" WHERE texts MATCH ? {{wanted}} ORDER BY bm25(texts, {weights}) LIMIT ?"
        )

    def build(self, documents: Sequence[Document]) -> None:
        """Index all documents anew."""
        self._database.execute("DELETE FROM texts")
        self._database.executemany(self._insert(), (self._row(document) for document in documents))
        self._database.commit()
        with self._kept.open("wb") as file:
            pickle.dump([document.facets for document in documents], file)
        self.open()

    def open(self) -> None:
        """Read what is kept in memory."""
        with self._kept.open("rb") as file:
            facets = pickle.load(file)
        self._values = new_facet_values()
        self._facets = {
            facet: facet_column([(), *(each.get(facet, ()) for each in facets)], self._values[facet])
            for facet in FACETS
        }

    def _insert(self) -> str:
        return f"INSERT INTO texts(rowid, {', '.join(FIELDS)}) VALUES (?{', ?' * len(FIELDS)})"

    def _row(self, document: Document) -> list[Any]:
        texts = ["\n".join(text.value for text in document.texts if text.field == field) for field in FIELDS]
        return [document.id, *texts]

    def search(self, question: Question) -> int:
        """Answer with hits, total, facets and passages."""
        words = [f'"{word}"' for word in ([question.words] if question.phrase else question.words.split())]
        match = " AND ".join(words)
        rows = self._database.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (match,)).fetchall()
        found = np.array(sorted(row[0] for row in rows), np.int64)
        hits = self._count(found, question.filters)
        if question.filters:
            wanted = "[" + ",".join(map(str, hits.tolist())) + "]"
            chosen = self._best.format(wanted="AND rowid IN (SELECT value FROM json_each(?))")
            self._database.execute(chosen, (match, wanted, PAGE)).fetchall()
        else:
            self._database.execute(self._best.format(wanted=""), (match, PAGE)).fetchall()
        return len(hits)

    def _count(self, found: Any, filters: dict[str, tuple[str, ...]]) -> Any:
        kept = {facet: self._having(found, facet, values) for facet, values in filters.items()}
        every = np.ones(len(found), np.bool_)
        for facet in FACETS:
            others = [mask for name, mask in kept.items() if name != facet]
            counted = found[np.logical_and.reduce([every, *others])]
            values = self._values[facet]
            counts = self._facets[facet].counts(counted, len(values.values))
            most_frequent(counts, values, SHOWN, filters.get(facet, ()))
        return found[np.logical_and.reduce([every, *kept.values()])]

    def _having(self, found: Any, facet: str, values: tuple[str, ...]) -> Any:
        numbers = self._values[facet].numbers
        known = [numbers[value] for value in values if value in numbers]
        return self._facets[facet].having(known, len(numbers))[found]

    def change(self, document: Document) -> None:
        """Replace one document, so that the next search sees it."""
        self._database.execute("DELETE FROM texts WHERE rowid = ?", (document.id,))
        self._database.execute(self._insert(), self._row(document))
        self._database.commit()
