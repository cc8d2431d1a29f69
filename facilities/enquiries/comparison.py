"""Listings side by side: what decides between them, each as its page says it."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Listing, Price, PriceGroup
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.reading import PriceLine, Reading
from facilities.db import db


class Compared(Reading):
    """One column of the comparison. What a parent says holds here where its page says so too."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing, listing.language)

    @property
    def first_price(self) -> PriceLine | None:
        """What the owner prices first."""
        return self.price_lines.value[0] if self.price_lines else None

    def price_for(self, group: PriceGroup) -> Price | None:
        """What a user group pays for it."""
        prices = self.first_price.prices if self.first_price else []
        return next((price for price in prices if price.group == group), None)


def comparison(ids: Sequence[int]) -> list[Compared]:
    """The published ones among these listings in this order, in four SELECTs however many they are."""
    listings = published_by_ids(ids)
    if not listings:
        return []
    above = {each.id for listing in listings for each in listing.lineage()}
    # The rows are those of the cards: this fills in what a card leaves out, for them and for what is above them.
    db.session.scalars(_WITH_TERMS, {"ids": list(above)}).all()
    return [Compared(listing) for listing in listings]


def priced_groups(columns: Sequence[Compared]) -> Iterator[PriceGroup]:
    """The user groups that any of the first prices is for."""
    yield from (group for group in PriceGroup if any(column.price_for(group) for column in columns))


_WITH_TERMS = (
    sa.select(Listing)
    .where(Listing.id.in_(sa.bindparam("ids", expanding=True)))
    .options(joinedload(Listing.access), selectinload(Listing.prices), selectinload(Listing.certificates))
)
