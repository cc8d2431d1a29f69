"""Where a listing is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale
from flask_babel import get_locale

if TYPE_CHECKING:
    from facilities.catalogue.models.listing import Listing


@dataclass(frozen=True, slots=True)
class Place:
    """A postal place with coordinates (WGS 84 degrees), any part of which may be unknown."""

    address: str
    postal_code: str
    city: str
    region: str
    country: str | None
    lat: float | None
    lng: float | None

    @classmethod
    def of(cls, listing: "Listing") -> "Place":
        return cls(
            listing.address,
            listing.postal_code,
            listing.city,
            listing.region,
            listing.country,
            listing.lat,
            listing.lng,
        )

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""

    @property
    def short(self) -> str:
        """City and country, as a card shows it."""
        return ", ".join(part for part in (self.city, self.country_name) if part)


def country_name(code: str) -> str:
    """The name of an ISO 3166-1 alpha-2 country in the visitor's language; the code itself if there is none."""
    locale = get_locale() or Locale("en")
    return locale.territories.get(code, code)
