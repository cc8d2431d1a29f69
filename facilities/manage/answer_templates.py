"""Templates of answers: kept at a listing, in an order, and offered for it and all that belongs to it."""

from collections.abc import Sequence

import sqlalchemy as sa

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.models import AnswerTemplate

MOST_TEMPLATES = 50


class TooManyTemplates(Exception):
    """A listing keeps MOST_TEMPLATES at the most."""


def templates_of(listing: Listing) -> list[AnswerTemplate]:
    """Those kept at the listing itself, in their order."""
    query = sa.select(AnswerTemplate).where(AnswerTemplate.listing_id == listing.id)
    return list(db.session.scalars(query.order_by(AnswerTemplate.position, AnswerTemplate.id)))


def templates_above(listing: Listing) -> list[AnswerTemplate]:
    """Those kept at what the listing belongs to, which are offered here too."""
    above = [holder.id for holder in listing.lineage() if holder.id != listing.id]
    query = sa.select(AnswerTemplate).where(AnswerTemplate.listing_id.in_(above))
    return sorted(db.session.scalars(query), key=lambda each: (above.index(each.listing_id), each.position, each.id))


def template_at(listing: Listing, template_id: int) -> AnswerTemplate | None:
    """The template of this id, if it is kept at this listing."""
    return next((each for each in templates_of(listing) if each.id == template_id), None)


def add_template(listing: Listing, *, name: str, body: str) -> AnswerTemplate:
    """Keep one more, the last. The listing is read for changing. Raises TooManyTemplates."""
    kept = templates_of(listing)
    if len(kept) >= MOST_TEMPLATES:
        raise TooManyTemplates
    template = AnswerTemplate(listing_id=listing.id, position=len(kept), name=name, body=body)
    db.session.add(template)
    _number([*kept, template])
    return template


def change_template(template: AnswerTemplate, *, name: str, body: str) -> None:
    template.name, template.body = name, body
    db.session.commit()


def remove_template(template: AnswerTemplate) -> None:
    db.session.delete(template)
    db.session.commit()


def move_up(listing: Listing, template: AnswerTemplate) -> None:
    """Have it change places with the one before it, if there is one."""
    kept = templates_of(listing)
    place = kept.index(template)
    if place:
        kept[place - 1 : place + 1] = [template, kept[place - 1]]
    _number(kept)


def _number(templates: Sequence[AnswerTemplate]) -> None:
    for position, template in enumerate(templates):
        template.position = position
    db.session.commit()
