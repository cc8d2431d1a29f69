"""The listings that an enquiry form offers, and which of them are ticked."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from facilities.catalogue.models import Kind, Listing
from facilities.catalogue.queries.cards import load_translations
from facilities.catalogue.queries.merged import living
from facilities.enquiries.limits import MOST_LISTINGS
from facilities.enquiries.queries import listings_to_ask


@dataclass(frozen=True, slots=True)
class Choice:
    """`missing` listings were asked for but are not in the catalogue, `surplus` ones were more than may be asked."""

    offered: list[Listing]
    chosen: list[Listing]
    missing: int = 0
    surplus: int = 0

    @classmethod
    def of(cls, asked: list[int], ticked: list[int]) -> "Choice":
        kept = asked[:MOST_LISTINGS]
        offered = listings_to_ask(kept)
        if len(offered) < len(kept):
            kept, ticked = living(kept), living(ticked)
            offered = listings_to_ask(kept)
        load_translations(
            each for listing in offered for each in (listing, listing.parent, listing.organisation) if each
        )
        chosen = [listing for listing in offered if listing.id in ticked]
        return cls(offered, chosen, len(kept) - len(offered), len(asked) - len(kept))

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "Choice":
        """All listings that an address names, each ticked."""
        asked = ids_in(args.getlist("listing"))
        return cls.of(asked, asked)

    @classmethod
    def from_form(cls, form: MultiDict[str, str], args: MultiDict[str, str]) -> "Choice":
        """The listings that a sent form had offered and those still ticked in it."""
        ticked = ids_in(form.getlist("listing"))
        asked = ids_in(form.getlist("offered")) or ticked
        return cls.of(asked, ticked) if asked else cls.from_args(args)

    @property
    def units(self) -> list[Listing]:
        """The facilities and organisations that the ticked listings belong to, each once."""
        return list(dict.fromkeys(unit_of(listing) for listing in self.chosen))


def unit_of(listing: Listing) -> Listing:
    """Who stands behind a listing: an instrument's, service's or offer's facility, else the listing itself."""
    belongs = listing.kind in {Kind.INSTRUMENT, Kind.SERVICE, Kind.OFFER} and listing.parent is not None
    return listing.parent if belongs and listing.parent else listing


def ids_in(values: list[str]) -> list[int]:
    """The listing ids among these texts, each once, in order."""
    digits = (value for value in values if value.isascii() and value.isdigit() and len(value) < 10)
    return list(dict.fromkeys(int(value) for value in digits))
