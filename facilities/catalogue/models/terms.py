"""The words of the field that models, forms, facets and records share: one enum per question."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Word(StrEnum):
    """A closed list of words, each with a label in the visitor's language."""

    label: LazyString

    def __new__(cls, value: str, label: LazyString) -> "Word":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class Kind(Word):
    """What a listing is."""

    ORGANISATION = "organisation", _("Organisation")
    FACILITY = "facility", _("Facility")
    INSTRUMENT = "instrument", _("Instrument")
    SERVICE = "service", _("Service")
    OFFER = "offer", _("Offer")

    @property
    def plural(self) -> LazyString:
        return PLURALS[self]

    @property
    def path(self) -> str:
        """The first part of the address of a listing of this kind."""
        return PATHS[self]


PLURALS = {
    Kind.ORGANISATION: _("Organisations"),
    Kind.FACILITY: _("Facilities"),
    Kind.INSTRUMENT: _("Instruments"),
    Kind.SERVICE: _("Services"),
    Kind.OFFER: _("Offers"),
}
PATHS = {
    Kind.ORGANISATION: "organisations",
    Kind.FACILITY: "facilities",
    Kind.INSTRUMENT: "instruments",
    Kind.SERVICE: "services",
    Kind.OFFER: "offers",
}


class Status(Word):
    """Where a listing is in its life. Only published listings are public."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ARCHIVED = "archived", _("Archived")
    MERGED = "merged", _("Merged into another")


class Review(Word):
    """Who has to accept what owners change on published listings of an organisation."""

    DESK = "desk", _("The desk accepts every change")
    MANAGER = "manager", _("A manager accepts what editors change")
    NOBODY = "nobody", _("Changes are public at once")


class OrganisationKind(Word):
    UNIVERSITY = "university", _("University")
    HOSPITAL = "hospital", _("Hospital")
    INSTITUTE = "institute", _("Research institute")
    SERVICE_COMPANY = "service_company", _("Service company")
    SUPPLIER = "supplier", _("Supplier")
    INVESTOR = "investor", _("Investor")
    SCIENCE_PARK = "science_park", _("Science park or incubator")
    CLUSTER = "cluster", _("Cluster or network")
    AUTHORITY = "authority", _("Authority or municipality")
    INTEREST = "interest", _("Patient or interest organisation")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other organisation")


class Sector(Word):
    PHARMA = "pharma", _("Pharma")
    MEDTECH = "medtech", _("Medtech")
    BIOTECH = "biotech", _("Biotech")


class Activity(Word):
    MANUFACTURING = "manufacturing", _("Manufacturing")
    SERVICE = "service", _("Services")
    SALES = "sales", _("Sales")
    RESEARCH = "research", _("Research and development")


class Specialty(Word):
    """What a company is known for (Vinnova's typing of life-science companies)."""

    DIAGNOSTICS = "diagnostics", _("Diagnostics")
    CRO = "cro", _("Contract research (CRO)")
    CDMO = "cdmo", _("Contract development and manufacturing (CDMO)")
    BIOTECH_TOOLS = "biotech_tools", _("Biotech tools and supplies")
    DRUG_DISCOVERY = "drug_discovery", _("Drug discovery and development")
    DRUG_DELIVERY = "drug_delivery", _("Drug delivery")
    DRUG_PRODUCTION = "drug_production", _("Drug production")
    ADVANCED_THERAPIES = "advanced_therapies", _("Advanced therapies")
    MEDICAL_DEVICES = "medical_devices", _("Medical devices")
    IMPLANTS = "implants", _("Implants and biomaterials")
    DIGITAL_HEALTH = "digital_health", _("Digital health")
    AGRICULTURE = "agriculture", _("Agricultural and food biotechnology")
    INDUSTRIAL = "industrial", _("Industrial biotechnology")
    CONSULTING = "consulting", _("Consulting")


class Phase(Word):
    """How far a project of the pipeline has come."""

    DISCOVERY = "discovery", _("Discovery")
    PRECLINICAL = "preclinical", _("Preclinical")
    PHASE_1 = "phase_1", _("Phase 1")
    PHASE_2 = "phase_2", _("Phase 2")
    PHASE_3 = "phase_3", _("Phase 3")
    REGISTRATION = "registration", _("Registration")
    MARKET = "market", _("On the market")


class OfferKind(Word):
    """What an organisation offers besides instruments, facilities and services."""

    PREMISES = "premises", _("Premises")
    FUNDING = "funding", _("Funding and capital")
    KNOWLEDGE = "knowledge", _("Knowledge and advice")
    EDUCATION = "education", _("Education and talent")
    PARTNERS = "partners", _("Partners wanted")


class PremisesKind(Word):
    LABORATORY = "laboratory", _("Laboratory")
    OFFICE = "office", _("Office")
    PRODUCTION = "production", _("Production")
    PLOT = "plot", _("Plot to build on")


class RoomClass(Word):
    """What premises are fitted out for."""

    GMP = "gmp", _("GMP")
    CLEAN_ROOM = "clean_room", _("Clean room")
    BSL_1 = "bsl_1", _("Biosafety level 1")
    BSL_2 = "bsl_2", _("Biosafety level 2")
    BSL_3 = "bsl_3", _("Biosafety level 3")
    CHEMISTRY = "chemistry", _("Chemistry (fume hoods)")
    ANIMALS = "animals", _("Animal facility")
    ISOTOPES = "isotopes", _("Radioactive substances")
    COLD = "cold", _("Cold rooms and freezers")


class FundingStage(Word):
    """How far a company has to be to be funded."""

    IDEA = "idea", _("Idea")
    PRE_SEED = "pre_seed", _("Pre-seed")
    SEED = "seed", _("Seed")
    SERIES_A = "series_a", _("Series A")
    GROWTH = "growth", _("Growth")
    RESEARCH = "research", _("Research grant")


class Customer(Word):
    INDUSTRY = "industry", _("Industry")
    RESEARCH = "research", _("Research")
    HEALTHCARE = "healthcare", _("Healthcare")
    PRIVATE = "private", _("Private persons")


class InstrumentStatus(Word):
    AVAILABLE = "available", _("Available")
    LIMITED = "limited", _("Limited availability")
    UNDER_REPAIR = "under_repair", _("Under repair")
    PLANNED = "planned", _("Planned")
    RETIRED = "retired", _("Retired")


class UserGroup(Word):
    """Who may use it."""

    OWN_ORGANISATION = "own_organisation", _("Own organisation")
    ACADEMIA = "academia", _("Academia")
    HEALTHCARE = "healthcare", _("Healthcare")
    COMPANIES = "companies", _("Companies")
    ABROAD = "abroad", _("Users from abroad")


class Mode(Word):
    """How it is used (EOSC accessType)."""

    PHYSICAL = "physical", _("On site")
    REMOTE = "remote", _("Remote")
    MAIL_IN = "mail_in", _("Mail-in samples")
    VIRTUAL = "virtual", _("Virtual")


class AccessMode(Word):
    """On what terms (EOSC accessMode)."""

    FREE = "free", _("Free of charge")
    FREE_CONDITIONALLY = "free_conditionally", _("Free on conditions")
    PAID = "paid", _("Paid")
    PEER_REVIEWED = "peer_reviewed", _("By reviewed proposal")
    OTHER = "other", _("Other terms")


class Training(Word):
    REQUIRED = "required", _("Training required")
    OFFERED = "offered", _("Training offered")
    NONE = "none", _("No training needed")


class Agreement(Word):
    NDA = "nda", _("Confidentiality agreement (NDA)")
    MTA = "mta", _("Material transfer agreement (MTA)")
    USER_AGREEMENT = "user_agreement", _("User agreement")
    DATA_AGREEMENT = "data_agreement", _("Data processing agreement")


class PriceGroup(Word):
    INTERNAL = "internal", _("Own organisation")
    ACADEMIC = "academic", _("Academic")
    COMPANY = "company", _("Company")


class PriceBasis(Word):
    HOUR = "hour", _("per hour")
    SAMPLE = "sample", _("per sample")
    DAY = "day", _("per day")
    PROJECT = "project", _("per project")


class AttachmentKind(Word):
    IMAGE = "image", _("Image")
    LINK = "link", _("Link")
    DOCUMENT = "document", _("Document")


class TermKind(Word):
    """How a text names a technique."""

    LABEL = "label", _("Label")
    SYNONYM = "synonym", _("Synonym")
    ABBREVIATION = "abbreviation", _("Abbreviation")
    MODEL = "model", _("Model family")


class VocabularyAct(Word):
    """What became of a technique of the vocabulary."""

    ADDED = "added", _("Added")
    EDITED = "edited", _("Edited")
    UNDONE = "undone", _("Edit undone")
    LOADED = "loaded", _("Loaded from the files")


class RevisionAct(Word):
    CREATED = "created", _("Created")
    IMPORTED = "imported", _("Updated by import")
    EDITED = "edited", _("Edited")
    CONFIRMED = "confirmed", _("Confirmed")
    SUBMITTED = "submitted", _("Handed in for review")
    SENT_BACK = "sent_back", _("Sent back")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SCHEDULED = "scheduled", _("Withdrawal planned")
    ARCHIVED = "archived", _("Archived")
    MOVED = "moved", _("Moved")
    RESTORED = "restored", _("Earlier version restored")
    MERGED = "merged", _("Merged")
    UNMERGED = "unmerged", _("Merge undone")
    UNDONE = "undone", _("Import undone")
