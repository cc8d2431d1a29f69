"""The tables of the catalogue."""

from facilities.catalogue.models.access import AccessTerms, Certificate, Price
from facilities.catalogue.models.listing import Facility, Instrument, Listing, Organisation, Service
from facilities.catalogue.models.parts import (
    Attachment,
    Contact,
    ListingText,
    Revision,
    Source,
    SourceRecord,
    Specification,
)
from facilities.catalogue.models.place import Place, country_name
from facilities.catalogue.models.terms import (
    AccessMode,
    Activity,
    Agreement,
    AttachmentKind,
    Customer,
    InstrumentStatus,
    Kind,
    Mode,
    OrganisationKind,
    PriceBasis,
    PriceGroup,
    RevisionAct,
    Sector,
    Status,
    TermKind,
    Training,
    UserGroup,
    ValueChainRole,
)
from facilities.catalogue.models.vocabulary import Category, Technique, TechniqueTerm

KINDS: dict[Kind, type[Listing]] = {
    Kind.ORGANISATION: Organisation,
    Kind.FACILITY: Facility,
    Kind.INSTRUMENT: Instrument,
    Kind.SERVICE: Service,
}

__all__ = [
    "KINDS",
    "AccessMode",
    "AccessTerms",
    "Activity",
    "Agreement",
    "Attachment",
    "AttachmentKind",
    "Category",
    "Certificate",
    "Contact",
    "Customer",
    "Facility",
    "Instrument",
    "InstrumentStatus",
    "Kind",
    "Listing",
    "ListingText",
    "Mode",
    "Organisation",
    "OrganisationKind",
    "Place",
    "Price",
    "PriceBasis",
    "PriceGroup",
    "Revision",
    "RevisionAct",
    "Sector",
    "Service",
    "Source",
    "SourceRecord",
    "Specification",
    "Status",
    "Technique",
    "TechniqueTerm",
    "TermKind",
    "Training",
    "UserGroup",
    "ValueChainRole",
    "country_name",
]
