"""Counts of published listings by category and technique. A category counts the listings of its children too."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import Category, Listing, Status, Technique
from facilities.catalogue.models.listing import listing_categories, listing_techniques
from facilities.db import db

# Counting needs the shared table only; the mapped class would join those of all kinds.
_LISTINGS = Listing.__table__.c


@dataclass(slots=True)
class CategoryCount:
    """A category, how many published listings are in it or below it, and its children likewise."""

    category: Category
    count: int
    children: list["CategoryCount"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TechniqueCount:
    """A technique and how many published listings offer it."""

    slug: str
    label: str
    count: int


def category_tree() -> list[CategoryCount]:
    """The top categories in their order, each with its children. One SELECT."""
    counts = _category_counts().subquery()
    query = (
        sa.select(Category, sa.func.coalesce(counts.c.count, 0))
        .outerjoin(counts, counts.c.ancestor == Category.id)
        .order_by(Category.position)
        .options(load_only(Category.slug, Category.parent_id, Category.labels, Category.descriptions))
    )
    below: dict[int | None, list[CategoryCount]] = defaultdict(list)
    for category, count in db.session.execute(query):
        below[category.parent_id].append(CategoryCount(category, count))
    for entries in list(below.values()):
        for entry in entries:
            entry.children = below.get(entry.category.id, [])
    return below.get(None, [])


def find_in_tree(tree: Sequence[CategoryCount], slug: str) -> tuple[CategoryCount | None, CategoryCount | None]:
    """(the category with this slug, its parent), either of which may be None."""
    for top in tree:
        if top.category.slug == slug:
            return top, None
        for child in top.children:
            if child.category.slug == slug:
                return child, top
    return None, None


def technique_counts(categories: Sequence[int] | None = None) -> list[TechniqueCount]:
    """Techniques that published listings have, sorted by label; only those of `categories` (ids) if given."""
    used = _technique_counts().subquery()
    query = sa.select(Technique, used.c.count).join(used, used.c.technique_id == Technique.id)
    query = query.options(load_only(Technique.slug, Technique.labels))
    if categories is not None:
        query = query.where(Technique.category_id.in_(categories))
    found = [TechniqueCount(technique.slug, technique.label, count) for technique, count in db.session.execute(query)]
    return sorted(found, key=lambda technique: technique.label.casefold())


def newest_ids(categories: Sequence[int], limit: int) -> list[int]:
    """Ids of the published listings of these categories that were added last."""
    inside = sa.select(listing_categories.c.listing_id).where(listing_categories.c.category_id.in_(categories))
    query = (
        sa.select(_LISTINGS.id)
        .where(_LISTINGS.status == Status.PUBLISHED, STANDING, _LISTINGS.id.in_(inside))
        .order_by(_LISTINGS.created_at.desc(), _LISTINGS.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _category_counts() -> sa.Select[Any]:
    """(ancestor, count): every category that is used, or whose child is, with its distinct published listings."""
    own = sa.select(Category.id.label("ancestor"), Category.id.label("category_id"))
    above = sa.select(Category.parent_id, Category.id).where(Category.parent_id.is_not(None))
    reach = sa.union_all(own, above).subquery()
    links = listing_categories.c
    return (
        sa.select(reach.c.ancestor, sa.func.count(links.listing_id.distinct()).label("count"))
        .join(listing_categories, links.category_id == reach.c.category_id)
        .join(_PUBLISHED, _PUBLISHED.c.id == links.listing_id)
        .group_by(reach.c.ancestor)
    )


def _technique_counts() -> sa.Select[Any]:
    links = listing_techniques.c
    return (
        sa.select(links.technique_id, sa.func.count().label("count"))
        .join(_PUBLISHED, _PUBLISHED.c.id == links.listing_id)
        .group_by(links.technique_id)
    )


_PUBLISHED = sa.select(_LISTINGS.id).where(_LISTINGS.status == Status.PUBLISHED, STANDING).subquery()
