"""Counting instruments by country and region."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from facilities.catalogue.models import country_name
from facilities.insight.density.reading import Counted

AGES = (5, 10, 15)
"""Where the classes of age begin, in years: under 5, 5 to 9, 10 to 14, 15 and more."""


@dataclass(frozen=True, slots=True)
class Density:
    """What is counted of some instruments. `units` count a set as many; all else counts listings. `ages` are the
    numbers of the classes of AGES, the youngest first; `unknown_age` state no year. Idle hours are of a usual week, as
    owners state them: `idle_stated` of `listings` do."""

    country: str
    region: str
    listings: int
    units: int
    for_companies: int
    for_academia: int
    ages: tuple[int, ...]
    unknown_age: int
    idle_stated: int
    idle_sum: int
    idle_median: float | None

    @property
    def key(self) -> str:
        """The region as an address says it: SE:Skåne."""
        return f"{self.country}:{self.region}"

    @property
    def label(self) -> str:
        return self.region or country_name(self.country)


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its regions, those with most instruments first."""

    whole: Density
    regions: list[Density]


def density_of(instruments: Sequence[Counted], *, year: int, country: str = "", region: str = "") -> Density:
    """Of instruments of one place; `year` is this year."""
    ages = Counter(_age_class(year - each.year) for each in instruments if each.year)
    idle = [each.idle_hours for each in instruments if each.idle_hours is not None]
    return Density(
        country=country,
        region=region,
        listings=len(instruments),
        units=sum(each.units for each in instruments),
        for_companies=sum(each.for_companies for each in instruments),
        for_academia=sum(each.for_academia for each in instruments),
        ages=tuple(ages[number] for number in range(len(AGES) + 1)),
        unknown_age=sum(each.year is None for each in instruments),
        idle_stated=len(idle),
        idle_sum=sum(idle),
        idle_median=median(idle) if idle else None,
    )


def by_country(instruments: Iterable[Counted], *, year: int) -> list[Country]:
    """Countries with most units first, those without a known country last."""
    groups: dict[str, dict[str, list[Counted]]] = {}
    for each in instruments:
        groups.setdefault(each.country, {}).setdefault(each.region, []).append(each)
    found = []
    for country, regions in groups.items():
        counted = [density_of(some, year=year, country=country, region=name) for name, some in regions.items()]
        every = [each for some in regions.values() for each in some]
        found.append(
            Country(
                density_of(every, year=year, country=country),
                sorted(counted, key=lambda each: (not each.region, -each.units, each.region)),
            )
        )
    return sorted(found, key=lambda each: (not each.whole.country, -each.whole.units, each.whole.country))


def _age_class(years: int) -> int:
    return sum(years >= least for least in AGES)
