"""What a listing says, as plain JSON values by field: read for revisions and exports, written by edits and imports."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import object_session

from facilities.catalogue.models import (
    AccessTerms,
    Attachment,
    AttachmentKind,
    Category,
    Certificate,
    Contact,
    Facility,
    Instrument,
    Listing,
    ListingText,
    Offer,
    Organisation,
    PipelineProject,
    Price,
    Service,
    Site,
    Specification,
    Technique,
)
from facilities.catalogue.names import name_key
from facilities.db import Model, db, now

Value = Any
SHARED = (
    "language", "name", "abbreviation", "other_names", "summary", "description", "keywords", "department", "address",
    "postal_code", "city", "region", "country", "lat", "lng", "building", "room", "url", "ror", "rrid", "doi",
    "established",
)  # fmt: skip
OWN: dict[type[Listing], tuple[str, ...]] = {
    Organisation: (
        "organisation_kind", "roles", "company_number", "sector", "activities", "customers", "specialties", "employees",
        "employees_year", "employees_source", "turnover", "turnover_currency", "turnover_year", "turnover_source",
    ),
    Facility: ("siting", "operation"),
    Instrument: (
        "manufacturer", "model", "quantity", "serial_number", "inventory_number", "acquired", "available_until",
        "idle_hours", "instrument_status",
    ),
    Service: (
        "sample_input", "deliverables", "capacity", "lead_time_min", "lead_time_max", "trl_min", "trl_max",
    ),
    Offer: (
        "offer_kind", "open_until", "premises", "area_min", "area_max", "room_classes", "free_from", "stages",
        "amount_min", "amount_max", "currency",
    ),
}  # fmt: skip
ACCESS = (
    "groups", "modes", "access_mode", "training", "training_hours", "booking_required", "safety_certificate",
    "agreements", "insurance", "conditions", "price_level",
)  # fmt: skip
PRICE = (
    "item", "group", "basis", "amount", "currency", "setup_fee", "includes_operator", "includes_analysis",
    "valid_from", "valid_until", "note",
)  # fmt: skip
CERTIFICATE = ("name", "issuer", "number", "scope", "valid_until")
LEAVE = ("away_from", "away_until", "left")
"""What a contact says for a while, or at the end."""
CONTACT = (
    "role", "name", "email", "orcid", "deputy_name", "deputy_email", "languages", "enquiry_kinds", "groups", *LEAVE,
)  # fmt: skip
ATTACHMENT = ("url", "title", "credit")
SITE = ("name", "address", "postal_code", "city", "country", "lat", "lng")
PROJECT = ("name", "phase", "indication", "modality", "year")
SPECIFICATION = ("name", "value")
TEXT = ("name", "summary", "description")


def columns_of(kind: type[Listing]) -> tuple[str, ...]:
    """The names of the plain fields of a kind of listing."""
    return SHARED + OWN[kind]


def read(listing: Listing, names: tuple[str, ...] | None = None) -> dict[str, Value]:
    """What the listing says now in these fields (all unless named), as JSON values."""
    names = names or (*columns_of(type(listing)), *PARTS)
    return {name: PARTS[name][0](listing) if name in PARTS else _plain(getattr(listing, name)) for name in names}


def write(listing: Listing, fields: Mapping[str, Value]) -> None:
    """Make the listing say these values. Unknown names raise KeyError; nothing is committed."""
    allowed = columns_of(type(listing))
    for name, value in fields.items():
        if name in PARTS:
            PARTS[name][1](listing, value)
        elif name in allowed:
            setattr(listing, name, _typed(type(listing), name, value))
        else:
            raise KeyError(f"{type(listing).__name__} has no field {name!r}")
    listing.name_key = name_key(listing.name)


def _plain(value: Any) -> Value:
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
    return value


def _typed(model: type[Model], name: str, value: Value) -> Any:
    """A JSON value as the column takes it; an empty value is the column's own empty value."""
    column = sa.inspect(model).columns[name]
    if value is None or value == "":
        return None if column.nullable else _empty(column)
    if isinstance(column.type, sa.Enum):
        return column.type.enum_class(value) if column.type.enum_class else value
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    if isinstance(column.type, sa.Numeric) and column.type.asdecimal:
        return Decimal(str(value))
    return value


def _empty(column: sa.Column[Any]) -> Any:
    """The default of a column that may not be NULL."""
    match column.default:
        case sa.ColumnDefault(is_callable=True) as made:
            return made.arg(None)
        case sa.ColumnDefault() as fixed:
            return fixed.arg
    return ""


def _row(row: Model, names: tuple[str, ...]) -> dict[str, Value]:
    return {name: value for name in names if (value := _plain(getattr(row, name))) not in (None, "", [])}


def _build(model: type[Model], values: Mapping[str, Value], names: tuple[str, ...], **also: Any) -> Any:
    given = {name: _typed(model, name, values[name]) for name in names if name in values}
    return model(**given, **also)


def _rows(attribute: str, model: type[Model], names: tuple[str, ...]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Reader and writer of an ordered list of rows."""

    def reader(listing: Listing) -> list[dict[str, Value]]:
        return [_row(row, names) for row in getattr(listing, attribute)]

    def writer(listing: Listing, values: list[Mapping[str, Value]] | None) -> None:
        rows = [_build(model, value, names, position=i) for i, value in enumerate(values or ())]
        setattr(listing, attribute, rows)

    return reader, writer


def _read_contacts(listing: Listing) -> list[dict[str, Value]]:
    return [_row(contact, CONTACT[:-1]) | ({"left": True} if contact.left_at else {}) for contact in listing.contacts]


def _write_contacts(listing: Listing, values: list[Mapping[str, Value]] | None) -> None:
    """A contact with the address of one that was there stays the same row: enquiries on their way point at it, and it
    is known whether mail to it came back. Another address is another contact, of which nothing bad is known."""
    present = {contact.email: contact for contact in reversed(listing.contacts)}
    kept = []
    for position, said in enumerate(values or ()):
        contact = present.pop(said.get("email", ""), None) or Contact()
        for name in CONTACT[:-1]:
            setattr(contact, name, _typed(Contact, name, said.get(name)))
        contact.left_at = (contact.left_at or now()) if said.get("left") else None
        contact.position = position
        kept.append(contact)
    listing.contacts = kept


def _attachments(kind: AttachmentKind) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Reader and writer of the attachments of one kind; the others stay as they are."""

    def reader(listing: Listing) -> list[dict[str, Value]]:
        return [_row(row, ATTACHMENT) for row in listing.attached(kind)]

    def writer(listing: Listing, values: list[Mapping[str, Value]] | None) -> None:
        others = [row for row in listing.attachments if row.kind != kind]
        new = [_build(Attachment, value, ATTACHMENT, kind=kind, position=i) for i, value in enumerate(values or ())]
        listing.attachments = others + new

    return reader, writer


def _read_texts(listing: Listing) -> dict[str, dict[str, Value]]:
    return {text.language: _row(text, TEXT) for text in listing.texts}


def _write_texts(listing: Listing, values: Mapping[str, Mapping[str, Value]] | None) -> None:
    present = {text.language: text for text in listing.texts}
    kept = []
    for language, said in (values or {}).items():
        text = present.get(language) or ListingText(language=language)
        for name in TEXT:
            setattr(text, name, said.get(name, ""))
        kept.append(text)
    listing.texts = kept


def _read_access(listing: Listing) -> dict[str, Value] | None:
    return _row(listing.access, ACCESS) if listing.access else None


def _write_access(listing: Listing, values: Mapping[str, Value] | None) -> None:
    if values is None:
        listing.access = None
        return
    listing.access = listing.access or AccessTerms()
    for name in ACCESS:
        setattr(listing.access, name, _typed(AccessTerms, name, values.get(name)))


def _vocabulary_part(
    attribute: str, model: type[Technique] | type[Category]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Reader and writer of links to the vocabulary, as slugs. Slugs the vocabulary lacks are left out."""

    def reader(listing: Listing) -> list[str]:
        return sorted(entry.slug for entry in getattr(listing, attribute))

    def writer(listing: Listing, slugs: list[str] | None) -> None:
        session = object_session(listing) or db.session
        with session.no_autoflush:
            found = session.scalars(sa.select(model).where(model.slug.in_(slugs or ())).order_by(model.slug))
            setattr(listing, attribute, list(found) if slugs else [])

    return reader, writer


PARTS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "texts": (_read_texts, _write_texts),
    "access": (_read_access, _write_access),
    "prices": _rows("prices", Price, PRICE),
    "certificates": _rows("certificates", Certificate, CERTIFICATE),
    "contacts": (_read_contacts, _write_contacts),
    "specification": _rows("specifications", Specification, SPECIFICATION),
    "sites": _rows("sites", Site, SITE),
    "pipeline": _rows("pipeline", PipelineProject, PROJECT),
    "images": _attachments(AttachmentKind.IMAGE),
    "links": _attachments(AttachmentKind.LINK),
    "documents": _attachments(AttachmentKind.DOCUMENT),
    "techniques": _vocabulary_part("techniques", Technique),
    "categories": _vocabulary_part("categories", Category),
}
