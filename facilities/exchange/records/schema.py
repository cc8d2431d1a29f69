"""A record as the format defines it. Fields the format does not know are ignored; absent means unknown."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from facilities.catalogue.models import (
    AccessMode,
    Agreement,
    FundingStage,
    InstrumentStatus,
    Mode,
    OrganisationKind,
    PremisesKind,
    PriceBasis,
    PriceGroup,
    RoomClass,
    Training,
    UserGroup,
)
from facilities.exchange.records.actor_parts import (
    Company,
    Currency,
    Latitude,
    Longitude,
    Money,
    PipelineProject,
    Site,
)
from facilities.exchange.records.cleaning import (
    Country,
    Doi,
    IsoDate,
    KindOfOffer,
    Line,
    Line20,
    Line40,
    Line80,
    Line200,
    Line400,
    Line500,
    Line600,
    Name,
    Needed,
    Orcid,
    PartialDate,
    RecordId,
    Ror,
    Rrid,
    ShortLine,
    Text,
    WebAddress,
    company_number,
    problem,
)
from facilities.exchange.records.part import Number, Part
from facilities.exchange.records.roles import Roles

Language = Literal["en", "sv", "nb", "nn", "da", "de", "fi", "is"]
Strings = Annotated[
    list[Line], Field(max_length=200), BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]
MOST_ROWS = 200
MOST_CONTACTS = 20


def email_address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise problem(f"not an e-mail address: {error}") from None


def no_address(value: str) -> str:
    """A role or name is printed on pages, where no address of a person may be."""
    if "@" in value:
        raise problem("holds a mail address: write the role, and the address in “email”")
    return value


class Said(Part):
    name: Line600 = ""
    summary: Line400 = ""
    description: Text = ""


class Access(Part):
    groups: list[UserGroup] = []
    modes: list[Mode] = []
    access_mode: AccessMode | None = None
    training: Training | None = None
    training_hours: Annotated[int, Field(ge=0, le=1000)] | None = None
    booking_required: bool | None = None
    safety_certificate: Line = ""
    agreements: list[Agreement] = []
    insurance: Line = ""
    conditions: Text = ""
    price_level: Annotated[int, Field(ge=1, le=4)] | None = None


class Price(Part):
    item: ShortLine = ""
    group: PriceGroup
    basis: PriceBasis
    amount: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    setup_fee: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)] | None = None
    includes_operator: bool | None = None
    includes_analysis: bool | None = None
    valid_from: IsoDate | None = None
    valid_until: IsoDate | None = None
    note: Line = ""


class Certificate(Part):
    name: Needed
    issuer: Line200 = ""
    number: Line80 = ""
    scope: Line400 = ""
    valid_until: IsoDate | None = None


class Contact(Part):
    role: Annotated[Needed, AfterValidator(no_address)]
    name: Annotated[ShortLine, AfterValidator(no_address)] = ""
    email: Annotated[str, AfterValidator(email_address)]
    orcid: Orcid = None
    deputy_name: Annotated[ShortLine, AfterValidator(no_address)] = ""
    deputy_email: Annotated[str, AfterValidator(email_address)] | None = None
    languages: list[Language] = []
    enquiry_kinds: list[Literal["question", "booking", "quote", "training"]] = []
    groups: list[UserGroup] = []
    away_from: IsoDate | None = None
    away_until: IsoDate | None = None
    left: Annotated[bool | None, AfterValidator(lambda gone: gone or None)] = None
    position: Number = 0

    @model_validator(mode="after")
    def away_from_first_to_last(self) -> "Contact":
        if self.away_from and self.away_until and self.away_until < self.away_from:
            raise problem("“away_until” is before “away_from”: write the first day of leave first")
        return self


class Image(Part):
    file: Annotated[str, Field(pattern=r"^([a-z0-9-]+\.svg)?$")] = ""
    url: WebAddress = ""
    alt: Line = ""
    credit: Line200 = ""


class Link(Part):
    label: Line = ""
    title: Line = ""
    url: WebAddress
    credit: Line200 = ""


class SpecificationLine(Part):
    name: Needed
    value: Line500


class Record(Part):
    """One row. `company` rows are organisations of the kind company."""

    model_config = ConfigDict(extra="ignore", use_enum_values=True)

    id: RecordId
    type: Literal["organisation", "company", "facility", "instrument", "service", "offer"]
    name: Name
    source: Line80 = ""
    licence: Line80 = ""
    language: Language = "en"
    abbreviation: Line80 = ""
    other_names: Strings = []
    summary: Line400 = ""
    description: Text = ""
    texts: dict[Language, Said] = {}

    parent: Line = ""
    institution: Line600 = ""
    facility: Line = ""
    department: Line = ""
    address: Line400 = ""
    postal_code: Line20 = ""
    city: ShortLine = ""
    region: ShortLine = ""
    country: Country = None
    lat: Latitude = None
    lng: Longitude = None
    building: ShortLine = ""
    room: ShortLine = ""
    location: ShortLine = ""

    url: WebAddress = ""
    ror: Ror = None
    rrid: Rrid = None
    doi: Doi = None
    established: Annotated[int, Field(ge=800, le=2200)] | None = None
    confirmed_on: IsoDate | None = None
    links: Annotated[list[Link], Field(max_length=MOST_ROWS)] = []
    documents: Annotated[list[Link], Field(max_length=MOST_ROWS)] = []
    images: Annotated[list[Image], Field(max_length=MOST_ROWS)] = []

    category: Line = ""
    domain: Line = ""
    group: Line = ""
    categories: Strings = []
    technique: Line = ""
    techniques: Strings = []
    keywords: Strings = []
    model_term: Strings = []

    kind: OrganisationKind | None = None
    roles: Roles = []
    company: Company | None = None
    company_number: Line20 = ""
    sites: Annotated[list[Site], Field(max_length=MOST_ROWS)] = []
    pipeline: Annotated[list[PipelineProject], Field(max_length=MOST_ROWS)] = []
    siting: Line40 = ""
    status: ShortLine = ""

    manufacturer: ShortLine = ""
    model: Line200 = ""
    quantity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    serial_number: Line80 = ""
    inventory_number: Line80 = ""
    acquired: PartialDate = ""
    available_until: IsoDate | None = None
    idle_hours: Annotated[int, Field(ge=0, le=168)] | None = None
    instrument_status: InstrumentStatus | None = None
    instruments: Text = ""
    instrument_summary: Text = ""
    capabilities: Text = ""
    specification: Annotated[list[SpecificationLine], Field(max_length=MOST_ROWS)] = []

    sample_input: Text = ""
    deliverables: Text = ""
    capacity: Line = ""
    lead_time_days: Annotated[list[Annotated[int, Field(ge=0, le=5000)]], Field(min_length=2, max_length=2)] = []
    trl: Annotated[list[Annotated[int, Field(ge=1, le=9)]], Field(min_length=2, max_length=2)] = []

    offer_kind: KindOfOffer = None
    open_until: IsoDate | None = None
    premises: list[PremisesKind] = []
    area: Annotated[list[Number], Field(min_length=2, max_length=2)] = []
    room_classes: list[RoomClass] = []
    free_from: IsoDate | None = None
    stages: list[FundingStage] = []
    amount: Annotated[list[Money], Field(min_length=2, max_length=2)] = []
    currency: Currency = ""

    access: Access | None = None
    prices: Annotated[list[Price], Field(max_length=MOST_ROWS)] = []
    certificates: Annotated[list[Certificate], Field(max_length=MOST_ROWS)] = []
    contacts: Annotated[list[Contact], Field(max_length=MOST_CONTACTS)] = []

    @field_validator("instruments", mode="before")
    @classmethod
    def join_instruments(cls, value: Any) -> Any:
        return "; ".join(map(str, value)) if isinstance(value, list) else value

    @model_validator(mode="after")
    def company_number_by_country(self, info: ValidationInfo) -> "Record":
        try:
            self.company_number = company_number(self.company_number, self.country)
        except ValueError:
            self.company_number = ""
            if info.context is not None:
                reason = f"not a valid company number of {self.country}: it was left out"
                info.context["notes"].append(("company_number", reason))
        return self

    @model_validator(mode="after")
    def both_coordinates_or_none(self) -> "Record":
        if (self.lat is None) != (self.lng is None):
            raise problem("a place needs both lat and lng: add the other, or leave both out")
        return self

    @field_validator("lead_time_days", "trl", "area", "amount")
    @classmethod
    def from_low_to_high(cls, value: list[int]) -> list[int]:
        if value and value[0] > value[1]:
            raise problem("write the smaller number first")
        return value
