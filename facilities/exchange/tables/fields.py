"""The columns a spreadsheet of listings may have: one for every field, and for each part of the nested ones.

A key is a path: "access.groups", "texts.sv.name", "contacts.0.email". Cells of our own exports and those that people
write are read by the same rule (`Cell`).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from flask_babel import gettext

from facilities.catalogue.models import (
    AccessMode,
    Activity,
    Agreement,
    Customer,
    FundingStage,
    InstrumentStatus,
    Kind,
    Mode,
    OfferKind,
    OrganisationKind,
    PremisesKind,
    PriceBasis,
    RoomClass,
    Sector,
    Specialty,
    Training,
    UserGroup,
)
from facilities.catalogue.models.terms import Word
from facilities.enquiries.models import EnquiryKind

LANGUAGES = ("en", "sv", "nb", "nn", "da", "de", "fi", "is")
MOST_CONTACTS = 20
EVERY = tuple(Kind)
ORGANISATION, FACILITY, INSTRUMENT, SERVICE, OFFER = ((kind,) for kind in Kind)


class Cell(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    LIST = "list"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    FLAG = "flag"
    WORD = "word"
    WORDS = "words"
    ROLES = "roles"
    COUNTRY = "country"
    LANGUAGE = "language"
    LANGUAGES = "languages"
    ROWS = "rows"
    AMOUNT = "amount"


def _(heading: str) -> str:
    """Marks a heading for translators: pages show it in the visitor's language, files always carry it as it is."""
    return heading


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `words` are what a cell may say; `exported` is false for columns that only other programs write."""

    key: str
    heading: str
    cell: Cell = Cell.TEXT
    kinds: tuple[Kind, ...] = EVERY
    words: type[Word] | None = None
    exported: bool = True

    @property
    def label(self) -> str:
        return gettext(self.heading)


IDENTITY = (
    Field("listing", _("Listing")),
    Field("version", _("Version"), Cell.INTEGER),
    Field("id", _("ID")),
    Field("kind", _("Kind"), Cell.WORD, words=Kind),
    Field("parent", _("Belongs to")),
)
MAIN = (
    Field("name", _("Name")),
    Field("abbreviation", _("Abbreviation")),
    Field("other_names", _("Other names"), Cell.LIST),
    Field("language", _("Language"), Cell.LANGUAGE),
    Field("summary", _("Summary")),
    Field("description", _("Description")),
    Field("techniques", _("Techniques"), Cell.LIST),
    Field("categories", _("Categories"), Cell.LIST),
    Field("keywords", _("Keywords"), Cell.LIST),
    Field("url", _("Web address")),
    Field("department", _("Department")),
    Field("address", _("Street address")),
    Field("postal_code", _("Postal code")),
    Field("city", _("City")),
    Field("region", _("Region")),
    Field("country", _("Country"), Cell.COUNTRY),
    Field("lat", _("Latitude"), Cell.NUMBER),
    Field("lng", _("Longitude"), Cell.NUMBER),
    Field("building", _("Building")),
    Field("room", _("Room")),
    Field("ror", _("ROR")),
    Field("rrid", _("RRID")),
    Field("doi", _("DOI")),
    Field("established", _("Established"), Cell.INTEGER),
)
OWN = (
    Field("manufacturer", _("Manufacturer"), kinds=INSTRUMENT),
    Field("model", _("Model"), kinds=INSTRUMENT),
    Field("quantity", _("Quantity"), Cell.INTEGER, kinds=INSTRUMENT),
    Field("serial_number", _("Serial number"), kinds=INSTRUMENT),
    Field("inventory_number", _("Inventory number"), kinds=INSTRUMENT),
    Field("acquired", _("Acquired"), Cell.PARTIAL_DATE, kinds=INSTRUMENT),
    Field("available_until", _("Available until"), Cell.DATE, kinds=INSTRUMENT),
    Field("idle_hours", _("Hours a week it usually stands free"), Cell.INTEGER, INSTRUMENT),
    Field("instrument_status", _("Instrument status"), Cell.WORD, INSTRUMENT, InstrumentStatus),
    Field("organisation_kind", _("Kind of organisation"), Cell.WORD, ORGANISATION, OrganisationKind),
    Field("roles", _("Roles"), Cell.ROLES, ORGANISATION),
    Field("company_number", _("Company number"), kinds=ORGANISATION),
    Field("sector", _("Sector"), Cell.WORD, ORGANISATION, Sector),
    Field("activities", _("Activities"), Cell.WORDS, ORGANISATION, Activity),
    Field("customers", _("Customers"), Cell.WORDS, ORGANISATION, Customer),
    Field("specialties", _("Specialties"), Cell.WORDS, ORGANISATION, Specialty),
    Field("employees", _("Employees"), Cell.INTEGER, ORGANISATION),
    Field("employees_year", _("Employees in the year"), Cell.INTEGER, ORGANISATION),
    Field("employees_source", _("Source of the employees"), kinds=ORGANISATION),
    Field("turnover", _("Turnover"), Cell.INTEGER, ORGANISATION),
    Field("turnover_currency", _("Currency of the turnover"), kinds=ORGANISATION),
    Field("turnover_year", _("Turnover in the year"), Cell.INTEGER, ORGANISATION),
    Field("turnover_source", _("Source of the turnover"), kinds=ORGANISATION),
    Field("siting", _("Siting"), kinds=FACILITY),
    Field("operation", _("Operation"), kinds=FACILITY),
    Field("sample_input", _("What is sent in"), kinds=SERVICE),
    Field("deliverables", _("Deliverables"), kinds=SERVICE),
    Field("capacity", _("Capacity"), kinds=SERVICE),
    Field("lead_time_min", _("Lead time from (working days)"), Cell.INTEGER, SERVICE),
    Field("lead_time_max", _("Lead time to (working days)"), Cell.INTEGER, SERVICE),
    Field("trl_min", _("TRL from"), Cell.INTEGER, SERVICE),
    Field("trl_max", _("TRL to"), Cell.INTEGER, SERVICE),
    Field("offer_kind", _("Kind of offer"), Cell.WORD, OFFER, OfferKind),
    Field("open_until", _("Open until"), Cell.DATE, OFFER),
    Field("premises", _("Premises"), Cell.WORDS, OFFER, PremisesKind),
    Field("area_min", _("Area from (m²)"), Cell.INTEGER, OFFER),
    Field("area_max", _("Area to (m²)"), Cell.INTEGER, OFFER),
    Field("room_classes", _("Fitted out for"), Cell.WORDS, OFFER, RoomClass),
    Field("free_from", _("Free from"), Cell.DATE, OFFER),
    Field("stages", _("Stages"), Cell.WORDS, OFFER, FundingStage),
    Field("amount_min", _("Amount from"), Cell.INTEGER, OFFER),
    Field("amount_max", _("Amount to"), Cell.INTEGER, OFFER),
    Field("currency", _("Currency of the amount"), kinds=OFFER),
)
ACCESS = (
    Field("access.groups", _("Who may use it"), Cell.WORDS, words=UserGroup),
    Field("access.modes", _("How it is used"), Cell.WORDS, words=Mode),
    Field("access.access_mode", _("Terms of access"), Cell.WORD, words=AccessMode),
    Field("access.training", _("Training"), Cell.WORD, words=Training),
    Field("access.training_hours", _("Hours of training"), Cell.INTEGER),
    Field("access.booking_required", _("Booking required"), Cell.FLAG),
    Field("access.safety_certificate", _("Safety certificate")),
    Field("access.agreements", _("Agreements"), Cell.WORDS, words=Agreement),
    Field("access.insurance", _("Insurance")),
    Field("access.conditions", _("Conditions")),
    Field("access.price_level", _("Price level (1 to 4)"), Cell.INTEGER),
)
ROWS = (
    Field("prices", _("Prices"), Cell.ROWS),
    Field("certificates", _("Certificates"), Cell.ROWS),
    Field("specification", _("Specification"), Cell.ROWS),
    Field("sites", _("Sites"), Cell.ROWS, ORGANISATION),
    Field("pipeline", _("Pipeline"), Cell.ROWS, ORGANISATION),
    Field("links", _("Links"), Cell.ROWS),
    Field("documents", _("Documents"), Cell.ROWS),
    Field("images", _("Images"), Cell.ROWS),
)
FOREIGN = (
    Field("price.internal", _("Price for the own organisation"), Cell.AMOUNT, exported=False),
    Field("price.academic", _("Price for academic users"), Cell.AMOUNT, exported=False),
    Field("price.company", _("Price for companies"), Cell.AMOUNT, exported=False),
    Field("price.basis", _("Price basis"), Cell.WORD, words=PriceBasis, exported=False),
    Field("price.currency", _("Currency"), exported=False),
    Field("photo", _("Web address of a picture"), exported=False),
    Field("location", _("Wikipedia page of the place"), exported=False),
)
CONTACT = (
    ("role", _("role"), Cell.TEXT),
    ("name", _("name"), Cell.TEXT),
    ("email", _("e-mail address"), Cell.TEXT),
    ("orcid", _("ORCID iD"), Cell.TEXT),
    ("deputy_name", _("deputy’s name"), Cell.TEXT),
    ("deputy_email", _("deputy’s e-mail address"), Cell.TEXT),
    ("languages", _("languages"), Cell.LANGUAGES),
    ("enquiry_kinds", _("kinds of enquiry"), Cell.WORDS),
    ("groups", _("user groups"), Cell.WORDS),
    ("away_from", _("away from"), Cell.DATE),
    ("away_until", _("away until"), Cell.DATE),
    ("left", _("has left"), Cell.FLAG),
)
WORDS_OF_CONTACT: dict[str, type[Word]] = {"enquiry_kinds": EnquiryKind, "groups": UserGroup}
TEXT = (("name", _("Name")), ("summary", _("Summary")), ("description", _("Description")))


@dataclass(frozen=True, slots=True)
class ContactField(Field):
    """A column of one of the contacts, counted from 0 in the key and from 1 for people."""

    number: int = 0

    @property
    def label(self) -> str:
        return gettext("Contact %(number)d: %(part)s", number=self.number + 1, part=gettext(self.heading))


@dataclass(frozen=True, slots=True)
class TextField(Field):
    """A column of a text in one more language."""

    language: str = "en"

    @property
    def label(self) -> str:
        return f"{gettext(self.heading)} ({self.language})"


PLAIN: dict[str, Field] = {
    field.key: field for field in (*IDENTITY, *MAIN, *OWN, *ACCESS, *ROWS, *FOREIGN)
}  # fmt: skip


@lru_cache(maxsize=512)
def field_of(key: str) -> Field | None:
    """The column of a key; None for a key that names none."""
    part, _dot, rest = key.partition(".")
    if part == "contacts":
        return _contact_field(key, *rest.split("."))
    if part == "texts":
        return _text_field(key, *rest.split("."))
    return PLAIN.get(key)


def heading_of(field: Field) -> str:
    """The heading of a column in our own exports."""
    match field:
        case ContactField():
            return f"Contact {field.number + 1} {field.heading}"
        case TextField():
            return f"{field.heading} ({field.language})"
    return field.heading


def keys_of_contacts(count: int) -> list[str]:
    return [f"contacts.{number}.{part}" for number in range(count) for part, _heading, _cell in CONTACT]


def keys_of_texts(languages: list[str]) -> list[str]:
    return [f"texts.{language}.{part}" for language in languages for part, _heading in TEXT]


@lru_cache(maxsize=1)
def all_keys() -> tuple[str, ...]:
    """Every key there is, in the order of our exports."""
    return (*PLAIN, *keys_of_texts(list(LANGUAGES)), *keys_of_contacts(MOST_CONTACTS))


@lru_cache(maxsize=1)
def keys_by_heading() -> dict[str, str]:
    """The key of each heading of our own exports."""
    fields = {key: field_of(key) for key in all_keys()}
    return {heading_of(field): key for key, field in fields.items() if field and field.exported}


def _contact_field(key: str, number: str = "", part: str = "", *more: str) -> Field | None:
    known = {name: (heading, cell) for name, heading, cell in CONTACT}
    if more or part not in known or not number.isdecimal() or int(number) >= MOST_CONTACTS:
        return None
    heading, cell = known[part]
    return ContactField(key, heading, cell, words=WORDS_OF_CONTACT.get(part), number=int(number))


def _text_field(key: str, language: str = "", part: str = "", *more: str) -> Field | None:
    known = dict(TEXT)
    if more or part not in known or language not in LANGUAGES:
        return None
    return TextField(key, known[part], language=language)
