"""The words for what a listing says: labels of its fields, and its JSON values as a reader would say them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from facilities.catalogue.models import (
    AccessMode,
    Activity,
    Agreement,
    Customer,
    FundingStage,
    InstrumentStatus,
    Mode,
    OfferKind,
    OrganisationKind,
    Phase,
    PremisesKind,
    PriceBasis,
    PriceGroup,
    Review,
    RoomClass,
    Sector,
    Specialty,
    Status,
    Training,
    UserGroup,
    country_name,
)
from facilities.catalogue.models.terms import Word
from facilities.catalogue.roles import role_label
from facilities.enquiries.models import EnquiryKind
from facilities.formats import long_date, money

LABELS: Mapping[str, LazyString] = {
    "language": _l("Main language"), "name": _l("Name"), "abbreviation": _l("Abbreviation"),
    "other_names": _l("Other names"), "summary": _l("Summary"), "description": _l("Description"),
    "keywords": _l("Keywords"), "department": _l("Department"), "address": _l("Street address"),
    "postal_code": _l("Postal code"), "city": _l("City"), "region": _l("Region"), "country": _l("Country"),
    "lat": _l("Latitude"), "lng": _l("Longitude"), "building": _l("Building"), "room": _l("Room"),
    "url": _l("Website"), "ror": _l("ROR"), "rrid": _l("RRID"), "doi": _l("DOI"), "established": _l("Established"),
    "organisation_kind": _l("Kind of organisation"), "roles": _l("Roles in the value chain"),
    "company_number": _l("Company number"), "sector": _l("Sector"), "activities": _l("Activities"),
    "customers": _l("Customers"), "specialties": _l("Specialties"), "employees": _l("Employees"),
    "employees_year": _l("Employees in the year"), "employees_source": _l("Source of the employees"),
    "turnover": _l("Turnover"), "turnover_currency": _l("Currency of the turnover"),
    "turnover_year": _l("Turnover in the year"), "turnover_source": _l("Source of the turnover"),
    "sites": _l("Sites"), "pipeline": _l("Pipeline"), "idle_hours": _l("Hours a week it usually stands free"),
    "offer_kind": _l("Kind of offer"), "open_until": _l("Open until"), "premises": _l("Kind of premises"),
    "area_min": _l("Area from, in m²"), "area_max": _l("Area to, in m²"), "room_classes": _l("Fitted out for"),
    "free_from": _l("Free from"), "stages": _l("For companies at the stage"), "amount_min": _l("Amount from"),
    "amount_max": _l("Amount to"), "siting": _l("Siting"), "operation": _l("Operation"),
    "manufacturer": _l("Manufacturer"), "model": _l("Model"), "quantity": _l("Number of units"),
    "serial_number": _l("Serial number"), "inventory_number": _l("Inventory number"), "acquired": _l("Acquired"),
    "available_until": _l("Available until"), "instrument_status": _l("Status of the instrument"),
    "sample_input": _l("What is sent in"), "deliverables": _l("What comes out"), "capacity": _l("Capacity"),
    "lead_time_min": _l("Shortest lead time, working days"), "lead_time_max": _l("Longest lead time, working days"),
    "trl_min": _l("Lowest TRL"), "trl_max": _l("Highest TRL"), "texts": _l("Other languages"),
    "access": _l("Access terms"), "prices": _l("Prices"), "certificates": _l("Certificates"),
    "contacts": _l("Contacts"), "specification": _l("Specification"), "images": _l("Images"), "links": _l("Links"),
    "documents": _l("Documents"), "techniques": _l("Techniques"), "categories": _l("Categories"),
    "status": _l("State"), "parent": _l("Belongs to"), "withdraw_on": _l("Planned withdrawal"),
    "review": _l("Who accepts changes"), "successor": _l("Successor"),
}  # fmt: skip
"""The label of every field of a listing, and of what else its history tells."""

INNER: Mapping[str, LazyString] = {
    "groups": _l("Who may use it"), "modes": _l("How it is used"), "access_mode": _l("On what terms"),
    "training": _l("Training"), "training_hours": _l("Hours of training"), "booking_required": _l("Booking required"),
    "safety_certificate": _l("Safety certificate"), "agreements": _l("Agreements"), "insurance": _l("Insurance"),
    "conditions": _l("Conditions"), "price_level": _l("Price level"), "role": _l("Role"), "name": _l("Name"),
    "email": _l("E-mail"), "orcid": _l("ORCID"), "deputy_name": _l("Deputy"), "deputy_email": _l("Deputy's e-mail"),
    "languages": _l("Languages"), "enquiry_kinds": _l("Receives"), "summary": _l("Summary"),
    "description": _l("Description"), "title": _l("Title"), "credit": _l("Credit"), "url": _l("Address"),
    "issuer": _l("Issued by"), "number": _l("Number"), "scope": _l("Scope"), "valid_until": _l("Valid until"),
    "valid_from": _l("Valid from"), "value": _l("Value"), "item": _l("What for"), "group": _l("User group"),
    "basis": _l("Basis"), "amount": _l("Amount"), "currency": _l("Currency"), "setup_fee": _l("Start-up fee"),
    "away_from": _l("Away from"), "away_until": _l("Away until"), "left": _l("Has left"),
    "includes_operator": _l("With operator"), "includes_analysis": _l("With analysis"), "note": _l("Note"),
    "phase": _l("Phase"), "indication": _l("Against"), "modality": _l("Modality"), "year": _l("In this phase since"),
}  # fmt: skip
"""The labels of what is inside access terms, prices, contacts, certificates, attachments and texts."""

WORDS: Mapping[str, type[Word]] = {
    "organisation_kind": OrganisationKind, "sector": Sector, "activities": Activity,
    "customers": Customer, "instrument_status": InstrumentStatus, "groups": UserGroup, "modes": Mode,
    "access_mode": AccessMode, "training": Training, "agreements": Agreement, "group": PriceGroup,
    "specialties": Specialty, "offer_kind": OfferKind, "premises": PremisesKind, "room_classes": RoomClass,
    "stages": FundingStage, "phase": Phase, "basis": PriceBasis, "status": Status, "review": Review,
    "enquiry_kinds": EnquiryKind,
}  # fmt: skip


def field_label(name: str) -> str:
    """The label of a field in the reader's language; of one that is not known, its name in plain words."""
    known = LABELS.get(name) or INNER.get(name)
    return str(known) if known else name.replace("_", " ").capitalize()


def inner_label(name: str) -> str:
    """The label of something inside a part of a listing."""
    return str(INNER[name]) if name in INNER else field_label(name)


def in_words(field: str, value: Any) -> str:
    """One JSON value of a field as a reader would say it; empty for nothing. Lists and mappings are not taken."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field in WORDS:
        return _word(WORDS[field], str(value))
    say = SAID.get(field, str)
    return say(str(value))


def price_in_words(price: Mapping[str, Any]) -> str:
    """A line of a price list in one line of text."""
    notes = [
        price.get("setup_fee") and _("start-up fee %(amount)s", amount=_money(price, "setup_fee")),
        price.get("includes_operator") and _("with operator"),
        price.get("includes_analysis") and _("with analysis"),
        price.get("valid_from") and _("valid from %(day)s", day=_day(price["valid_from"])),
        price.get("valid_until") and _("valid until %(day)s", day=_day(price["valid_until"])),
        price.get("note"),
    ]
    amount = f"{_money(price, 'amount')} {in_words('basis', price.get('basis'))}".strip()
    parts = [price.get("item"), in_words("group", price.get("group")), amount, *notes]
    return ", ".join(str(part) for part in parts if part)


def _word(words: type[Word], value: str) -> str:
    return next((str(word.label) for word in words if word == value), value)


def _day(value: str) -> str:
    try:
        return long_date(date.fromisoformat(value))
    except ValueError:
        return value


def _language(code: str) -> str:
    locale = get_locale()
    return locale.languages.get(code, code) if locale else code


def _level(level: str) -> str:
    return _("%(level)s of 4", level=level)


def _money(price: Mapping[str, Any], name: str) -> str:
    try:
        return money(Decimal(str(price[name])), str(price.get("currency") or ""))
    except (InvalidOperation, KeyError, ValueError):
        return f"{price.get(name, '')} {price.get('currency', '')}".strip()


SAID: Mapping[str, Callable[[str], str]] = {
    "open_until": _day, "free_from": _day, "available_until": _day, "withdraw_on": _day, "valid_from": _day,
    "valid_until": _day,
    "away_from": _day, "away_until": _day,
    "roles": role_label, "language": _language, "languages": _language, "country": country_name, "price_level": _level,
}  # fmt: skip
"""How the values of fields are said that are neither plain text nor words of a closed list."""
