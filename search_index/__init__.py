"""Full-text search over documents with fields, languages and facets, on Whoosh's inverted index.

It knows nothing of the application: documents in, hits out. See `Index`.
"""

from search_index.documents import FACETS, FIELDS, LANGUAGES, Document, Text, UnknownField
from search_index.index import Index
from search_index.locks import IndexBusy
from search_index.opening import IndexUnreadable
from search_index.queries import Differences, Query, Result, Sort

__all__ = [
    "FACETS",
    "FIELDS",
    "LANGUAGES",
    "Differences",
    "Document",
    "Index",
    "IndexBusy",
    "IndexUnreadable",
    "Query",
    "Result",
    "Sort",
    "Text",
    "UnknownField",
]
