"""Full-text search over documents with fields, languages and facets.

It knows nothing of the application: documents in, hits out. See `Index`, which two engines offer: `WhooshIndex`, and
`search_index.postgresql.PostgreSQLIndex`.
"""

from search_index.documents import FACETS, FIELDS, LANGUAGES, NUMBERS, Document, Text, UnknownField
from search_index.index import Index
from search_index.letters import fold, normalise
from search_index.locks import IndexBusy
from search_index.queries import Alternative, Box, Differences, Meaning, Near, Part, Query, Result, Sort
from search_index.snapshot import IndexUnreadable
from search_index.whoosh_index import WhooshIndex
from search_index.words import WordIn, words_in

__all__ = [
    "FACETS",
    "FIELDS",
    "LANGUAGES",
    "NUMBERS",
    "Alternative",
    "Box",
    "Differences",
    "Document",
    "Index",
    "IndexBusy",
    "IndexUnreadable",
    "Meaning",
    "Near",
    "Part",
    "Query",
    "Result",
    "Sort",
    "Text",
    "UnknownField",
    "WhooshIndex",
    "WordIn",
    "fold",
    "normalise",
    "words_in",
]
