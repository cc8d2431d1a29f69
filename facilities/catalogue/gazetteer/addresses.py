"""A postal address typed in one line, in its parts, with the coordinates of its town."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale

from facilities.catalogue.gazetteer.places import NORDIC, Found, find_places, town
from facilities.catalogue.models import country_name
from facilities.catalogue.names import fold

LANGUAGES = ("en", "sv", "nb", "da", "fi", "is", "de")
"""In these a country may be named."""

CODE_FIRST = re.compile(r"(?:(?P<land>[A-Z]{1,2})[- ])?(?P<code>\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{3,5})\s+(?P<city>\D.*)")
CODE_LAST = re.compile(r"(?P<city>.*?\D)\s+(?P<code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{3} ?\d{2}|\d{4,5})")
CARS = {"S": "SE", "N": "NO", "D": "DE", "F": "FR", "I": "IT", "E": "ES", "A": "AT", "B": "BE", "H": "HU", "P": "PT"}
"""Letters of cars, which stood before postal codes, where they are not those of ISO 3166."""

OTHER_NAMES = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "holland": "NL"}
CODE_FORMS = {"SE": r"\d{3} ?\d{2}", "FI": r"\d{5}", "DK": r"\d{4}", "NO": r"\d{4}", "IS": r"\d{3}", "GB": r"[A-Z].*"}
"""The postal codes of countries, to tell towns of one name apart."""


@dataclass(frozen=True, slots=True)
class Address:
    """What was read of an address. `place` is the town it names, if it is known: near the building, not at it."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    place: Found | None = None

    @property
    def label(self) -> str:
        """The address in one line, as the visitor's language names the country."""
        if not self.street and self.place:
            return self.place.label
        town_line = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, town_line, country_name(self.country)) if part)

    @property
    def fields(self) -> dict[str, Any]:
        """The listing's fields that the address tells, by name; coordinates are those of the town."""
        place = self.place
        said: dict[str, Any] = {
            "address": self.street,
            "postal_code": self.postal_code,
            "city": self.city,
            "country": self.country,
        }
        said |= {"region": place.admin, "lat": place.lat, "lng": place.lng} if place else {}
        return {name: value for name, value in said.items() if value != ""}


def suggest_places(text: str, country: str | None = None, limit: int = 8) -> list[Address]:
    """What somebody who typed this may mean: an address whose town is known, else towns that begin so."""
    address = read_address(text)
    if address.place and (address.street or address.postal_code):
        return [address]
    towns = find_places(text, country, limit) or ([address.place] if address.place else [])
    return [Address(city=found.name, country=found.country, place=found) for found in towns]


def read_address(text: str) -> Address:
    """Read "Street 5, 752 37 Uppsala, Sweden"; parts that cannot be told stay with the street."""
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    country = _country(parts[-1]) if parts else ""
    if country:
        parts.pop()
    number, code, city, land = _coded(parts)
    country = country or land
    if not city:
        number, city = _last_town(parts, country)
    place = _place(city, country, code)
    street = ", ".join(part for i, part in enumerate(parts) if i != number)
    return Address(street, code, city, country or (place.country if place else ""), place)


def _coded(parts: list[str]) -> tuple[int, str, str, str]:
    """Which part holds postal code and city, and these, and the country before the code."""
    for number in range(len(parts) - 1, -1, -1):
        if match := CODE_FIRST.fullmatch(parts[number]):
            land = match["land"] or ""
            return number, match["code"], match["city"].strip(), CARS.get(land, land)
        match = CODE_LAST.fullmatch(parts[number])
        if match and (number or match["code"][0].isalpha()):
            return number, match["code"], match["city"].strip(), ""
    return -1, "", "", ""


def _last_town(parts: list[str], country: str) -> tuple[int, str]:
    """The last part that is a town, and its number; -1 if none is."""
    for number in range(len(parts) - 1, -1, -1):
        if town(parts[number], country):
            return number, parts[number]
    return -1, ""


def _place(city: str, country: str, code: str) -> Found | None:
    """The town, in the country if that is known, else in one whose postal codes look like this."""
    if country or not code:
        return _town_of(city, country)
    likely = [land for land, form in CODE_FORMS.items() if re.fullmatch(form, code)]
    found = [place for land in likely if (place := _town_of(city, land))]
    return max(found, key=lambda place: (place.country in NORDIC, place.people), default=None) or _town_of(city, "")


def _town_of(city: str, country: str) -> Found | None:
    """The town of that name, or the one whose district it is: København for København Ø."""
    return town(city, country) or town(city.rpartition(" ")[0], country)


def _country(text: str) -> str:
    """The ISO code of a country named in one of LANGUAGES or by the code itself; empty if it is none."""
    return text if text in country_names().values() and len(text) == 2 else country_names().get(fold(text), "")


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """ISO codes of countries by their names, in small letters without accents, in all LANGUAGES."""
    territories = (Locale(language).territories.items() for language in LANGUAGES)
    named = {fold(name): code for language in territories for code, name in language if code.isalpha()}
    return named | OTHER_NAMES
