"""The sections that the form of a listing is cut into: what each asks for, in the order an owner fills them in."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue import content
from facilities.catalogue.models import Kind, Listing
from facilities.manage.completeness import Completeness

EVERY = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form that is saved by itself. `fields` are names of `catalogue.content`."""

    name: str
    label: LazyString
    lead: LazyString
    fields: tuple[str, ...]
    kinds: tuple[Kind, ...] = EVERY


OWN: dict[Kind, tuple[str, ...]] = {
    Kind.ORGANISATION: (
        "organisation_kind", "roles", "company_number", "sector", "specialties", "activities", "customers", "ror",
        "rrid", "doi", "established",
    ),
    Kind.FACILITY: ("siting", "operation", "rrid", "ror", "doi", "established"),
    Kind.INSTRUMENT: (
        "manufacturer", "model", "quantity", "instrument_status", "serial_number", "inventory_number", "acquired",
        "available_until", "idle_hours", "doi", "rrid",
    ),
    Kind.SERVICE: (
        "sample_input", "deliverables", "capacity", "lead_time_min", "lead_time_max", "trl_min", "trl_max", "doi",
        "rrid",
    ),
    Kind.OFFER: (
        "offer_kind", "open_until", "premises", "area_min", "area_max", "room_classes", "free_from", "stages",
        "amount_min", "amount_max", "currency",
    ),
}  # fmt: skip
"""What only some kinds are asked for in the first section."""

FIGURES = (
    "employees", "employees_year", "employees_source", "turnover", "turnover_currency", "turnover_year",
    "turnover_source",
)  # fmt: skip
BASICS = ("name", "abbreviation", "other_names", "url")
SECTIONS = (
    Section("basics", _("Basics"), _("What it is called and what it is."), BASICS),
    Section(
        "texts", _("Texts"), _("What visitors read about it, in as many languages as you like."),
        ("language", "name", "summary", "description", "texts"),
    ),
    Section(
        "techniques", _("Techniques"), _("What it can do, in the words that visitors search and filter by."),
        ("techniques", "categories", "keywords"),
    ),
    Section(
        "place", _("Place"), _("Where it stands. Leave it empty if it is where the facility or organisation is."),
        ("department", "address", "postal_code", "city", "region", "country", "lat", "lng", "building", "room"),
    ),
    Section(
        "figures", _("Employees and turnover"),
        _("Figures with their year and source. Fact sheets add them up and never show those of one company."), FIGURES,
        (Kind.ORGANISATION,),
    ),
    Section(
        "sites", _("Sites"), _("Other places where you work, besides the address above."), ("sites",),
        (Kind.ORGANISATION,),
    ),
    Section(
        "pipeline", _("Pipeline"), _("Projects on their way to patients, each with how far it has come."),
        ("pipeline",), (Kind.ORGANISATION,),
    ),
    Section(
        "contacts", _("Contacts"),
        _("Who receives enquiries, the first one first. Visitors see roles and names, never mail addresses."),
        ("contacts",),
    ),
    Section("access", _("Access"), _("Who may use it, how, and on what terms."), ("access",)),
    Section("prices", _("Prices"), _("What it costs each group of users, without tax."), ("prices",)),
    Section(
        "certificates", _("Certificates"), _("Quality systems and authorisations that customers ask for."),
        ("certificates",),
    ),
    Section(
        "specification", _("Specification"), _("Technical data, line by line."), ("specification",),
        (Kind.INSTRUMENT, Kind.SERVICE),
    ),
    Section("media", _("Images and documents"), _("What visitors see and download."), ("images", "documents")),
    Section("links", _("Links"), _("Further web pages: booking, manuals, publications."), ("links",)),
)  # fmt: skip


def sections_of(kind: Kind) -> list[Section]:
    """The sections of a listing of this kind."""
    return [section for section in SECTIONS if kind in section.kinds]


def section_called(name: str, kind: Kind) -> Section | None:
    """The section of that name, if the kind has it."""
    return next((section for section in sections_of(kind) if section.name == name), None)


def fields_of(section: Section, kind: Kind) -> tuple[str, ...]:
    """The fields that the section asks for; the first section asks each kind for its own as well."""
    return (*section.fields, *OWN[kind]) if section.name == "basics" else section.fields


def section_after(section: Section, kind: Kind) -> Section | None:
    """The section that follows."""
    sections = sections_of(kind)
    later = sections[sections.index(section) + 1 :]
    return later[0] if later else None


@dataclass(frozen=True, slots=True)
class State:
    """How far a section is: what it lacks, whether it says anything, whether changes of it wait."""

    section: Section
    missing: list[LazyString]
    empty: bool
    waits: bool


def states_of(listing: Listing, completeness: Completeness, waiting: Collection[str]) -> list[State]:
    """The sections of a listing with how far each is; `waiting` names the fields whose changes wait."""
    said = content.read(listing)
    return [
        State(
            section,
            [each.label for each in completeness.missing if each.section == section.name],
            not any(said[name] not in (None, "", [], {}) for name in fields_of(section, listing.kind)),
            any(name in waiting for name in fields_of(section, listing.kind)),
        )
        for section in sections_of(listing.kind)
    ]
