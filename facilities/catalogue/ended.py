"""Offers whose last day has passed: their pages stay, search, maps, numbers and lists leave them out."""

from typing import cast

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Offer
from facilities.formats import site_today

OFFERS = cast("sa.Table", Offer.__table__)
TODAY = sa.bindparam("today", callable_=site_today, type_=sa.Date)
"""Asked for anew whenever a statement is sent."""

ENDED = sa.select(OFFERS.c.id).where(OFFERS.c.open_until < TODAY)
STANDING = LISTINGS.c.id.not_in(ENDED)
"""A condition on rows of `listings`."""
