"""Warming: what the first searches of a process would have to read is read before they come."""

from contextlib import suppress

from search_index.opening import Reader
from search_index.snapshot import IndexUnreadable
from search_index.terms import FIRST_WORD
from search_index.whoosh_segments import SMALL, WhooshSegment

FREQUENT = 100
"""Terms of each kind that are read in advance."""


def warm_up(reader: Reader) -> None:
    """Open the index and read the most frequent terms, and all words, of its large segments."""
    with suppress(IndexUnreadable, FileNotFoundError):
        for segment in reader.snapshot().segments:
            if isinstance(segment, WhooshSegment) and segment.size >= SMALL:
                _warm(segment)
                segment.vocabulary.prepare()


def _warm(segment: WhooshSegment) -> None:
    for term in segment.frequent_terms(FREQUENT, from_term=FIRST_WORD):
        segment.postings(term)
    for term in segment.frequent_terms(FREQUENT):
        segment.postings(term)
