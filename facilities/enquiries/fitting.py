"""Which kinds of enquiry fit what is asked about: offers are visited or applied for, nobody is trained on them."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import Listing, Offer, OfferKind
from facilities.enquiries.models import EnquiryKind

Kinds = list[tuple[EnquiryKind, LazyString]]

VISITED = (OfferKind.PREMISES, OfferKind.KNOWLEDGE)
"""Offers that one comes to see or to talk over, at a time that is agreed; the others are applied for in words."""


def every_kind() -> Kinds:
    """Every kind of enquiry, in the words of the form."""
    return [
        (EnquiryKind.QUESTION, _("Question")),
        (EnquiryKind.BOOKING, _("Booking")),
        (EnquiryKind.QUOTE, _("Quote")),
        (EnquiryKind.TRAINING, _("Training")),
    ]


def kinds_for(listings: Sequence[Listing]) -> Kinds:
    """What may be asked about these together, in the words of the form. Among offers a visit is a booking of a time."""
    offers = [each for each in listings if isinstance(each, Offer)]
    if len(offers) < len(listings):
        return every_kind()
    visited = [each.offer_kind in VISITED for each in offers]
    if not any(visited):
        return [(EnquiryKind.QUESTION, _("Question or application"))]
    question = (EnquiryKind.QUESTION, _("Question"))
    return [question, (EnquiryKind.BOOKING, _("Visit"))] if all(visited) else [question]
