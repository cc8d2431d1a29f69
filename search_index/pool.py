"""The postings of one commit, gathered by term until they are written in order.

Whoosh's own pool keeps a tuple for each posting and sorts them all; here a term's postings are one string of bytes that
is in order already, because documents come in the order of their numbers. What does not fit in memory is spilled.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from struct import Struct
from typing import IO

Posting = tuple[str, bytes, int, float, bytes]
"""Field, term, document number, weight, value: as Whoosh hands them over and wants them back."""

HEAD = Struct("<II")
"""Document number and length of the value that follows."""

TERM_HEAD = Struct("<II")
"""Length of a term and of its postings, in what was spilled."""

TERM_COST = 220
"""Bytes that a term takes beside its postings: its key, its place in the dictionary, its string."""


class Pool:
    """Takes the place of Whoosh's `PostingPool`. All postings are of one field and have weight 1.

    What `limit_mb` does not hold is written to `spill`, a file of bytes for this pool alone, as sorted runs one after
    the other.
    """

    def __init__(self, limit_mb: int, spill: IO[bytes]) -> None:
        self._limit = limit_mb * 1024 * 1024
        self._size = 0
        self._terms: dict[bytes, bytearray] = {}
        self._file = spill
        self._ends = [0]
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
        runs = [self._read(start, end) for start, end in pairwise(self._ends)]
        for term, postings in heapq.merge(*runs, self._in_order(), key=itemgetter(0)):
            for number, value in _parts(postings):
                yield self._field, term, number, 1.0, value

    def cleanup(self) -> None:
        """Let go of everything."""
        self._terms, self._size, self._ends = {}, 0, [0]

    def _in_order(self) -> Iterator[tuple[bytes, bytes | bytearray]]:
        for term in sorted(self._terms):
            yield term, self._terms[term]

    def _spill(self) -> None:
        self._file.seek(self._ends[-1])
        for term, postings in self._in_order():
            self._file.write(TERM_HEAD.pack(len(term), len(postings)) + term + postings)
        self._ends.append(self._file.tell())
        self._terms, self._size = {}, 0

    def _read(self, at: int, end: int) -> Iterator[tuple[bytes, bytes | bytearray]]:
        """One run. Others are read in turns with it, so the file is never where it was left."""
        while at < end:
            self._file.seek(at)
            term_size, size = TERM_HEAD.unpack(self._file.read(TERM_HEAD.size))
            yield self._file.read(term_size), self._file.read(size)
            at += TERM_HEAD.size + term_size + size


def _parts(postings: bytes | bytearray) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(postings)
    while at < end:
        number, size = HEAD.unpack_from(postings, at)
        at += HEAD.size + size
        yield number, bytes(postings[at - size : at])
