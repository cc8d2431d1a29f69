"""What a record of an organisation says about its company, its sites and its pipeline."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from facilities.catalogue.models import Activity, Customer, Phase, Sector, Specialty
from facilities.db import now
from facilities.exchange.records.cleaning import Country, Line20, Line200, Line400, Needed200, ShortLine, problem
from facilities.exchange.records.part import Number, Part

Year = Annotated[int, Field(ge=1900, le=2200)]


def _not_later(value: int) -> int:
    """Nobody knows the figures of a year to come."""
    if value > now().year:
        raise problem(f"a figure is of {now().year} at the latest")
    return value


StatedYear = Annotated[Year, AfterValidator(_not_later)]
"""The year that a figure is of."""

Money = Annotated[int, Field(ge=0, le=10**15)]
"""Whole units of a currency; larger than what any firm turns over, and what the database's number holds."""

Currency = Annotated[
    str,
    BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value),
    Field(pattern=r"^([A-Z]{3})?$"),
]


def degrees(most: float, what: str) -> AfterValidator:
    """A coordinate of at most so many degrees to either side. Says which one is wrong."""

    def check(value: float | None) -> float | None:
        if value is not None and not -most <= value <= most:
            raise problem(f"a {what} lies between -{most} and {most} degrees")
        return value

    return AfterValidator(check)


Latitude = Annotated[float | None, degrees(90, "latitude")]
Longitude = Annotated[float | None, degrees(180, "longitude")]


class Company(Part):
    """Persons employed and turnover, each with its year and where the figure comes from."""

    sector: Sector | None = None
    activity: list[Activity] = []
    customers: list[Customer] = []
    specialties: list[Specialty] = []
    employees: Number | None = None
    employees_year: StatedYear | None = None
    employees_source: Line200 = ""
    turnover: Money | None = None
    turnover_currency: Currency = ""
    turnover_year: StatedYear | None = None
    turnover_source: Line200 = ""


class Site(Part):
    """Another place where an organisation works."""

    name: Line200 = ""
    address: Line400 = ""
    postal_code: Line20 = ""
    city: ShortLine = ""
    country: Country = None
    lat: Latitude = None
    lng: Longitude = None

    @model_validator(mode="after")
    def both_coordinates_or_none(self) -> "Site":
        if (self.lat is None) != (self.lng is None):
            raise problem("a site needs both lat and lng: add the other, or leave both out")
        return self


class PipelineProject(Part):
    """A project on its way to patients."""

    name: Needed200
    phase: Phase
    indication: Line200 = ""
    modality: Line200 = ""
    year: Year | None = None
