"""Organisations of the catalogue by what somebody types: for a network's desk, and for who wants to join."""

from facilities.catalogue.models import Kind, Listing
from facilities.catalogue.queries import published_by_ids
from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.query import SearchQuery

MOST = 8


def organisations_like(text: str) -> list[Listing]:
    """Published organisations that the text finds, the best first; none for an empty text."""
    if not text or not index().exists():
        return []
    query = SearchQuery(text, filters={"kind": (Kind.ORGANISATION.value,)})
    return list(published_by_ids(ask(query, limit=MOST, facets=(), snippets=False).found.ids))
