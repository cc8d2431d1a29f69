"""The postings of one commit, gathered by term until they are written in order.

Whoosh's own pool keeps a tuple for each posting and sorts them all; here a term's postings are one string of bytes that
is in order already, because documents come in the order of their numbers. What does not fit in memory is spilled.
"""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterator
from operator import itemgetter
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Any

Posting = tuple[str, bytes, int, float, bytes]
"""Field, term, document number, weight, value: as Whoosh hands them over and wants them back."""

HEAD = Struct("<II")
"""Document number and length of the value that follows."""

TERM_COST = 220
"""Bytes that a term takes beside its postings: its key, its place in the dictionary, its string."""


class Pool:
    """Takes the place of Whoosh's `PostingPool`. All postings are of one field and have weight 1."""

    def __init__(self, limit_mb: int) -> None:
        self._limit = limit_mb * 1024 * 1024
        self._size = 0
        self._terms: dict[bytes, bytearray] = {}
        self._runs: list[IO[bytes]] = []
        self._field = ""

    def add(self, posting: Posting) -> None:
        """Add a posting of a document whose number is not below those before."""
        self._field, term, number, _weight, value = posting
        postings = self._terms.get(term)
        if postings is None:
            postings = self._terms[term] = bytearray()
            self._size += TERM_COST + len(term)
        postings += HEAD.pack(number, len(value))
        postings += value
        self._size += HEAD.size + len(value)
        if self._size > self._limit:
            self._spill()

    def iter_postings(self) -> Iterator[Posting]:
        """Every posting, by term and then by document. Of equal terms those of an earlier run come first."""
        runs = [*map(_read, self._runs), self._in_order()]
        for term, postings in heapq.merge(*runs, key=itemgetter(0)):
            for number, value in _parts(postings):
                yield self._field, term, number, 1.0, value

    def cleanup(self) -> None:
        """Let go of everything."""
        self._terms, self._size = {}, 0
        while self._runs:
            self._runs.pop().close()

    def _in_order(self) -> Iterator[tuple[bytes, bytearray]]:
        for term in sorted(self._terms):
            yield term, self._terms[term]

    def _spill(self) -> None:
        run = TemporaryFile()  # noqa: SIM115 (closed by cleanup)
        self._runs.append(run)
        for entry in self._in_order():
            pickle.dump(entry, run, pickle.HIGHEST_PROTOCOL)
        run.seek(0)
        self._terms, self._size = {}, 0


def _read(run: IO[bytes]) -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(run)  # noqa: S301 (written by this process)
        except EOFError:
            return


def _parts(postings: bytearray) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(postings)
    while at < end:
        number, size = HEAD.unpack_from(postings, at)
        at += HEAD.size + size
        yield number, bytes(postings[at - size : at])
