"""Techniques with the listings that have them."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from facilities.catalogue.models import Technique
from facilities.catalogue.models.listing import listing_techniques
from facilities.db import db

BATCH = 500


def listings_with(slugs: Collection[str]) -> set[int]:
    """The ids of the listings that have any of these techniques, public or not."""
    link = listing_techniques.c
    query = sa.select(link.listing_id).join(Technique, Technique.id == link.technique_id)
    return {id_ for some in _batches(slugs) for id_ in db.session.scalars(query.where(Technique.slug.in_(some)))}


def _batches(slugs: Collection[str]) -> Iterator[list[str]]:
    """So many at a time that neither database meets a statement too long."""
    ordered = sorted(slugs)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
