"""Full-text search over documents with fields, languages and facets, on Whoosh's inverted index.

It knows nothing of the application: documents in, hits out. See `Index`.
"""

from search_index.documents import FACETS, FIELDS, LANGUAGES, NUMBERS, Document, Text, UnknownField
from search_index.index import Index
from search_index.letters import fold, normalise
from search_index.locks import IndexBusy
from search_index.opening import IndexUnreadable
from search_index.queries import Alternative, Box, Differences, Meaning, Near, Part, Query, Result, Sort
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
    "WordIn",
    "fold",
    "normalise",
    "words_in",
]
