"""Organisations of the catalogue by what somebody types: for a network's desk, and for who wants to join."""

import sqlalchemy as sa

from facilities.catalogue.models import Kind, Listing, Organisation
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.query import SearchQuery

MOST = 8


def organisations_like(text: str) -> list[Listing]:
    """Published organisations that the text finds, the best first; none for an empty text."""
    if not text or not index().exists():
        return []
    query = SearchQuery(text, filters={"kind": (Kind.ORGANISATION.value,)})
    ids = ask(query, limit=MOST, facets=(), snippets=False).found.ids
    # What only organisations have is read for all of them at once, not for each when its line asks for it.
    wholly = db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids))).all()
    return [each for each in published_by_ids(ids) if each in wholly]
