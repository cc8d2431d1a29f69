"""What an offer is an offer of, as a schema.org thing."""

from typing import Any

from facilities.catalogue.models import Offer, OfferKind, RoomClass

TYPES = {
    OfferKind.PREMISES: "Accommodation",
    OfferKind.FUNDING: "FinancialProduct",
    OfferKind.KNOWLEDGE: "Service",
    OfferKind.EDUCATION: "Service",
}
SQUARE_METRES = "MTK"


def what_is_offered(offer: Offer, name: str) -> dict[str, Any] | None:
    """None where something is wanted rather than offered."""
    if offer.offer_kind not in TYPES:
        return None
    return {
        "@type": TYPES[offer.offer_kind],
        "name": name,
        "floorSize": _between("QuantitativeValue", offer.area_min, offer.area_max, unitCode=SQUARE_METRES),
        "amount": _between("MonetaryAmount", offer.amount_min, offer.amount_max, currency=offer.currency),
        "keywords": [str(word.label) for word in RoomClass if word in offer.room_classes],
    }


def _between(type_: str, low: int | None, high: int | None, **said: str) -> dict[str, Any] | None:
    return {"@type": type_, "minValue": low, "maxValue": high, **said} if (low, high) != (None, None) else None
