"""From a record to what a listing says, tagged by the vocabulary."""

from collections.abc import Iterable
from typing import Any

from facilities.catalogue.models import (
    Facility,
    Instrument,
    InstrumentStatus,
    Listing,
    Offer,
    Organisation,
    OrganisationKind,
    Service,
    country_name,
)
from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary import Vocabulary
from facilities.exchange.records.schema import Image, Link, Record
from facilities.manage.uploads import own_path

MODELS: dict[str, type[Listing]] = {
    "organisation": Organisation,
    "company": Organisation,
    "facility": Facility,
    "instrument": Instrument,
    "service": Service,
    "offer": Offer,
}
SAME = (
    "language", "name", "abbreviation", "other_names", "summary", "department", "address", "postal_code", "region",
    "country", "lat", "lng", "building", "url", "ror", "rrid", "doi", "established",
)  # fmt: skip
SAME_BY_MODEL: dict[type[Listing], tuple[str, ...]] = {
    Organisation: ("roles", "company_number"),
    Facility: ("siting",),
    Instrument: (
        "manufacturer", "model", "quantity", "serial_number", "inventory_number", "acquired", "available_until",
        "idle_hours", "instrument_status",
    ),
    Service: ("sample_input", "deliverables", "capacity"),
    Offer: ("offer_kind", "open_until", "premises", "room_classes", "free_from", "stages", "currency"),
}  # fmt: skip
STATUSES = {
    "active": InstrumentStatus.AVAILABLE,
    "operational": InstrumentStatus.AVAILABLE,
    "offline": InstrumentStatus.LIMITED,
    "inactive": InstrumentStatus.RETIRED,
    "closed": InstrumentStatus.RETIRED,
    "construction": InstrumentStatus.PLANNED,
    "commissioning": InstrumentStatus.PLANNED,
}
COMPANY = {
    "sector": "sector", "activities": "activity", "customers": "customers", "specialties": "specialties",
    "employees": "employees", "employees_year": "employees_year", "employees_source": "employees_source",
    "turnover": "turnover", "turnover_currency": "turnover_currency", "turnover_year": "turnover_year",
    "turnover_source": "turnover_source",
}  # fmt: skip
"""Fields of an organisation, and what the part “company” of a record calls them."""

RANGES: dict[type[Listing], dict[str, tuple[str, str]]] = {
    Service: {"lead_time_days": ("lead_time_min", "lead_time_max"), "trl": ("trl_min", "trl_max")},
    Offer: {"area": ("area_min", "area_max"), "amount": ("amount_min", "amount_max")},
}
"""Fields of records that are two of a listing."""

PAIRS = {name: ends for pairs in RANGES.values() for name, ends in pairs.items()}

NOT_KEYWORDS = {"", "tba", "n a", "none", "other"}
LINKS = ("parent", "facility", "institution")


def fields_of(record: Record, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the listing is to say by this record; only what the record knows."""
    model = MODELS[record.type]
    fields = {name: getattr(record, name) for name in (*SAME, *SAME_BY_MODEL[model])}
    fields["city"] = "" if fold(record.city) == fold(country_name(record.country or "")) else record.city
    fields["room"] = record.room or record.location
    fields["description"] = _description(record)
    fields["keywords"] = _keywords(record)
    fields |= _own_fields(record, model) | _parts(record) | _tags(record, vocabulary)
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def links_of(record: Record) -> dict[str, str]:
    """How the record names what it belongs to."""
    return {name: value for name in LINKS if (value := getattr(record, name))}


def _own_fields(record: Record, model: type[Listing]) -> dict[str, Any]:
    if model is Organisation:
        return _organisation_fields(record)
    if model is Facility:
        return {"operation": record.status[:80]}
    if model is Instrument:
        status = STATUSES.get(record.status.casefold())
        return {"instrument_status": record.instrument_status or (status.value if status else None)}
    return _range_fields(record, RANGES[model])


def _range_fields(record: Record, ranges: dict[str, tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, ends in ranges.items():
        fields |= zip(ends, getattr(record, name) or (None, None), strict=True)
    return fields


def _organisation_fields(record: Record) -> dict[str, Any]:
    kind = record.kind or (OrganisationKind.COMPANY.value if record.type == "company" else None)
    fields: dict[str, Any] = {"organisation_kind": kind}
    fields["sites"] = [_given(site) for site in record.sites]
    fields["pipeline"] = [_given(project) for project in record.pipeline]
    if company := record.company:
        fields |= {name: getattr(company, short) for name, short in COMPANY.items()}
    return fields


def _description(record: Record) -> str:
    parts = (record.description, record.capabilities, record.instrument_summary, record.instruments)
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _keywords(record: Record) -> list[str]:
    """The record's keywords and the classes its source gave it, each once whatever its case."""
    said = (
        *record.keywords,
        record.technique,
        record.group.replace("_", " "),
        record.category,
        record.domain,
    )
    once = {fold(word): word for word in reversed(said) if fold(word) not in NOT_KEYWORDS}
    return list(reversed(once.values()))


def _parts(record: Record) -> dict[str, Any]:
    return {
        "texts": {language: _given(said) for language, said in record.texts.items()},
        "access": _given(record.access) if record.access else None,
        "prices": [_given(price) for price in record.prices],
        "certificates": [_given(certificate) for certificate in record.certificates],
        "contacts": [
            _given(contact, without={"position"}) for contact in sorted(record.contacts, key=lambda c: c.position)
        ],
        "specification": [_given(line) for line in record.specification],
        "images": [_image(image) for image in record.images if image.file or image.url],
        "links": [_link(link) for link in record.links if link.url],
        "documents": [_link(link) for link in record.documents if link.url],
    }


def _given(part: Any, without: set[str] | None = None) -> dict[str, Any]:
    values = part.model_dump(mode="json", exclude=without or set())
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _image(image: Image) -> dict[str, str]:
    url = own_path(image.url) or f"/demo/images/{image.file}"
    return {name: value for name, value in (("url", url), ("title", image.alt), ("credit", image.credit)) if value}


def _link(link: Link) -> dict[str, str]:
    said = (("url", own_path(link.url)), ("title", link.title or link.label), ("credit", link.credit))
    return {name: value for name, value in said if name == "title" or value}


def _tags(record: Record, vocabulary: Vocabulary) -> dict[str, list[str]]:
    said = (record.category, record.domain, record.group.replace("_", " "), record.technique)
    exact = (*said, *record.keywords, *record.techniques, *record.model_term)
    techniques = set().union(*map(vocabulary.techniques_called, exact))
    techniques |= set().union(
        *map(vocabulary.techniques_within, (record.name, f"{record.manufacturer} {record.model}"))
    )
    return {
        "techniques": sorted(techniques),
        "categories": sorted(_categories(record, said, techniques, vocabulary)),
    }


def _categories(record: Record, said: Iterable[str], techniques: set[str], vocabulary: Vocabulary) -> set[str]:
    named = {vocabulary.category_called(text) for text in (*said, *record.categories)}
    return {slug for slug in named if slug} | {vocabulary.category_of[slug] for slug in techniques}
