"""A listing as one visitor reads it: the best language, and what holds here although a parent said it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Generic, TypeVar

from flask_babel import gettext as _

from facilities.catalogue.citation import folded, product_beside
from facilities.catalogue.models import (
    AccessTerms,
    Activity,
    Attachment,
    Certificate,
    Contact,
    Customer,
    Kind,
    Listing,
    ListingText,
    Mode,
    Price,
    Sector,
    Specialty,
    Status,
)
from facilities.catalogue.models.terms import Word
from facilities.catalogue.roles import role_labels
from facilities.formats import money
from facilities.languages import language_name, read_best, spoken_now
from facilities.manage.models import Upload
from facilities.manage.uploads import files_at

ORGANISATION_WORDS: dict[str, type[Word]] = {
    "sector": Sector, "activities": Activity, "customers": Customer, "specialties": Specialty,
}  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inherited(Generic[T]):
    """Something that holds for a listing. `owner` is the ancestor that said it, None when the listing did itself."""

    value: T
    owner: Listing | None


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What one thing costs each user group, for instance an hour of microscope time."""

    item: str
    basis: str
    prices: list[Price]

    @property
    def notes(self) -> list[str]:
        """What holds for every price of the line."""
        first, *others = [price_notes(price) for price in self.prices]
        return [note for note in first if all(note in notes for notes in others)]

    def notes_of(self, price: Price) -> list[str]:
        """What holds for this price and not for all of the line."""
        return [note for note in price_notes(price) if note not in self.notes]


class Reading:
    """A listing in one of the languages its texts exist in. `listing` has its ancestors and parts loaded."""

    def __init__(self, listing: Listing, language: str) -> None:
        self.listing = listing
        self.language = language

    @cached_property
    def text(self) -> Listing | ListingText:
        return text_in(self.listing, self.language)

    @property
    def name(self) -> str:
        return self.text.name or self.listing.name

    @property
    def abbreviation(self) -> str:
        """The abbreviation, when the name does not hold it already."""
        short = self.listing.abbreviation
        return "" if folded(short) in folded(self.name) else short

    @property
    def product(self) -> str:
        """Maker and model of an instrument, when the name says them in no language the visitor sees."""
        return product_beside(self.listing, f"{self.name} {self.listing.name}")

    @property
    def summary(self) -> str:
        return self.text.summary or ("" if self.text.description else self.listing.summary)

    @property
    def description(self) -> str:
        return self.text.description or self.listing.description

    @property
    def name_language(self) -> str:
        return self.language if self.text.name else self.listing.language

    @property
    def summary_language(self) -> str:
        return self.language if self.text.summary else self.listing.language

    @property
    def description_language(self) -> str:
        """The language of the description, which may exist in fewer languages than the name."""
        return self.language if self.text.description else self.listing.language

    @property
    def foreign(self) -> str:
        """The language of its texts if that is not the language of the page, else ""."""
        has_text = self.summary or self.description
        said = (
            (self.summary_language if self.summary else self.description_language) if has_text else self.name_language
        )
        return "" if said == spoken_now() else said

    @property
    def languages(self) -> list[tuple[str, str]]:
        """(code, name of the language in itself) of every language the listing can be read in, if more than one."""
        codes = self.listing.languages
        return [(code, language_name(code)) for code in codes] if len(codes) > 1 else []

    @cached_property
    def trail(self) -> list[Listing]:
        """The public ancestors, the organisation first."""
        return [above for above in reversed(self.ancestors) if above.status == Status.PUBLISHED]

    @cached_property
    def ancestors(self) -> list[Listing]:
        return list(self.listing.lineage())[1:]

    @cached_property
    def terms(self) -> Inherited[AccessTerms] | None:
        return next((self._from(above, above.access) for above in self.listing.lineage() if above.access), None)

    @cached_property
    def contacts(self) -> Inherited[list[Contact]] | None:
        """Who receives an enquiry: the listing's contacts, else those of the nearest ancestor that has any."""
        here = ((above, [each for each in above.contacts if not each.left_at]) for above in self.listing.lineage())
        return next((self._from(above, contacts) for above, contacts in here if contacts), None)

    @cached_property
    def price_lines(self) -> Inherited[list[PriceLine]] | None:
        """The listing's own prices, else those of its facility. The prices of an organisation hold for itself only."""
        for above in self.listing.lineage():
            if above.prices and (above is self.listing or above.kind == Kind.FACILITY):
                return self._from(above, list(_price_lines(above.prices)))
        return None

    @cached_property
    def certificates(self) -> Inherited[list[Certificate]] | None:
        return next(
            (self._from(above, above.certificates) for above in self.listing.lineage() if above.certificates), None
        )

    @property
    def prices_valid_until(self) -> date | None:
        """The day after which the first of the shown prices no longer holds."""
        lines = self.price_lines.value if self.price_lines else []
        return min((p.valid_until for line in lines for p in line.prices if p.valid_until), default=None)

    @property
    def figures(self) -> list[Attachment]:
        """The images that are served from here; the pages show nothing of other sites'."""
        return [image for image in self.listing.images if "://" not in image.url]

    @cached_property
    def files(self) -> dict[str, Upload]:
        """The files among its images and documents that owners sent, by address."""
        return files_at(attachment.url for attachment in self.listing.attachments)

    @property
    def preview(self) -> Attachment | None:
        """The image other sites show beside a link to the page; they do not show drawings (SVG)."""
        return next((image for image in self.figures if not image.url.endswith(".svg")), None)

    @property
    def links(self) -> list[Attachment]:
        """Addresses to read on at: documents, links, and images that lie elsewhere."""
        elsewhere = [image for image in self.listing.images if "://" in image.url]
        return [*self.listing.documents, *self.listing.links, *elsewhere]

    @property
    def is_mailed_in(self) -> bool:
        """Whether it is a service whose users only send something in."""
        modes = self.terms.value.user_modes if self.terms else []
        return self.listing.kind == Kind.SERVICE and modes == [Mode.MAIL_IN]

    def _from(self, owner: Listing, value: T) -> Inherited[T]:
        return Inherited(value, None if owner is self.listing else owner)


def best_language(listing: Listing, asked: str | None, reader: str) -> str:
    """The language asked for if its texts exist, else the one that suits a reader of a language best."""
    offered = listing.languages
    return asked if asked in offered else read_best(offered, reader, listing.language)


def text_in(listing: Listing, language: str) -> Listing | ListingText:
    """The texts of a listing in the language that suits a reader of `language` best."""
    best = read_best(listing.languages, language, listing.language)
    return next((text for text in listing.texts if text.language == best), listing)


def name_in(listing: Listing, language: str) -> str:
    return text_in(listing, language).name or listing.name


def price_notes(price: Price) -> list[str]:
    """What to know of a price beside its amount: the start-up fee, what it includes, the owner's note."""
    fee = price.setup_fee and _("start-up fee %(amount)s", amount=money(price.setup_fee, price.currency))
    included = [price.includes_operator and _("with operator"), price.includes_analysis and _("with analysis")]
    return [note for note in (fee, *included, price.note) if note]


def labels(values: Iterable[str], field: str) -> str:
    """The labels of the words in a field of an organisation, those that are known, in one line."""
    if field == "roles":
        return ", ".join(role_labels(list(values)).values())
    words = ORGANISATION_WORDS[field]
    return ", ".join(str(word.label) for word in words if word in values)


def _price_lines(prices: Iterable[Price]) -> Iterator[PriceLine]:
    """Prices put together by what is paid for, in the owner's order."""
    for (item, basis), group in groupby(prices, key=lambda price: (price.item, price.basis)):
        yield PriceLine(item, str(basis.label), list(group))
