"""Enquiries addressed to somebody's listings, as the owners' pages list them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from facilities.db import db
from facilities.enquiries.models import Enquiry, EnquiryStatus, Recipient

PER_PAGE = 25
FEW = 3
UNANSWERED = (EnquiryStatus.NEW, EnquiryStatus.DELIVERED, EnquiryStatus.OPENED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many enquiries have not been answered, and the newest of them."""

    total: int
    newest: list[Enquiry]


def enquiries_waiting(ids: sa.Select[int]) -> Waiting:
    """The unanswered enquiries to any of these listings."""
    newest = enquiries_to(ids, 1, FEW, unanswered=True)
    return Waiting(count_enquiries(ids, unanswered=True) if len(newest) == FEW else len(newest), newest)


def enquiries_to(
    ids: sa.Select[int], page: int, per_page: int = PER_PAGE, *, unanswered: bool = False
) -> list[Enquiry]:
    """A page of the enquiries to any of these listings, the newest first, with their recipients and first words."""
    query = sa.select(Enquiry).where(*_conditions(ids, unanswered)).order_by(Enquiry.id.desc())
    query = query.limit(per_page).offset((page - 1) * per_page)
    parts = (selectinload(Enquiry.recipients).joinedload(Recipient.listing), selectinload(Enquiry.messages))
    return list(db.session.scalars(query.options(*parts)))


def count_enquiries(ids: sa.Select[int], *, unanswered: bool = False) -> int:
    return db.session.scalar(sa.select(sa.func.count(Enquiry.id)).where(*_conditions(ids, unanswered))) or 0


def _conditions(ids: sa.Select[int], unanswered: bool) -> list[sa.ColumnElement[bool]]:
    mine = Enquiry.id.in_(sa.select(Recipient.enquiry_id).where(Recipient.listing_id.in_(ids)))
    states = Enquiry.status.in_(UNANSWERED) if unanswered else Enquiry.status != EnquiryStatus.SPAM
    return [mine, states]
