"""What makes two listings look like the same thing: the signs, and the keys by which they are compared."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from rapidfuzz import fuzz

from facilities.catalogue.models import Kind
from facilities.catalogue.models.terms import Word
from facilities.catalogue.names import fold, name_key

ALIKE = 90.0
"""How alike two names must be, of 100, whatever the order of their words: "Flow Cytometry Core" and "Flow Cytometri
Core" are."""

REST_ALIKE = 75.0
"""The same for the words that only one of the two has, if both have such: GC-MS is not ICP-MS."""

NUMBERS = re.compile(r"\d+(?:[a-z]\b)?|\b(?:[a-z]|[ivx]+)\b")
"""What tells things of one name apart: LSM 880 and 980, room A and B, unit II and III."""
LITTLE_WORDS = {
    "the", "of", "for", "and", "in", "at", "och", "i", "vid", "og", "ved", "ja", "und", "fur", "an",
    "der", "die", "das", "de", "la", "le", "du", "des", "et",
}  # fmt: skip

EMPTY_HOST = re.compile(r"^www\d?\.")


class Sign(Word):
    """Why two listings look like the same thing."""

    ROR = "ror", _("Same ROR id")
    COMPANY_NUMBER = "company_number", _("Same company number")
    DOI = "doi", _("Same DOI")
    RRID = "rrid", _("Same RRID")
    WEBSITE = "website", _("Same website")
    SERIAL_NUMBER = "serial_number", _("Same serial number and manufacturer")
    INVENTORY_NUMBER = "inventory_number", _("Same inventory number in the organisation")
    NAME = "name", _("Nearly the same name and place")


HOLDERS = (Kind.ORGANISATION, Kind.FACILITY)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a listing is compared by. `name` is its folded key; `organisation` and `parent` are ids."""

    kind: Kind
    name: str
    id: int = 0
    ror: str = ""
    company_number: str = ""
    doi: str = ""
    rrid: str = ""
    url: str = ""
    manufacturer: str = ""
    serial_number: str = ""
    inventory_number: str = ""
    country: str = ""
    city: str = ""
    organisation: int = 0
    parent: int = 0

    @classmethod
    def of(cls, kind: Kind, fields: Mapping[str, Any], *, parent: int = 0, organisation: int = 0) -> "Traits":
        """From the fields of a form or record, as `content.read` gives them; what is missing is empty."""

        def said(name: str) -> str:
            return str(fields.get(name) or "")

        return cls(
            kind,
            name_key(said("name")),
            ror=said("ror"),
            company_number=said("company_number"),
            doi=said("doi"),
            rrid=said("rrid"),
            url=said("url"),
            manufacturer=said("manufacturer"),
            serial_number=said("serial_number"),
            inventory_number=said("inventory_number"),
            country=said("country"),
            city=said("city"),
            organisation=organisation,
            parent=parent,
        )

    @property
    def bare_company_number(self) -> str:
        """Without the signs that are written in it or not: "202100-2932" -> "2021002932"."""
        return re.sub(r"\W", "", self.company_number).upper()

    def shared(self) -> Iterator[tuple[Sign, str]]:
        """What a listing of the same kind must share to be the same thing, sign by sign."""
        if self.ror:
            yield Sign.ROR, self.ror.casefold()
        if number := self.bare_company_number:
            yield Sign.COMPANY_NUMBER, number
        if self.doi:
            yield Sign.DOI, self.doi.casefold()
        if self.rrid and self.kind in HOLDERS:
            yield Sign.RRID, self.rrid.casefold()
        if self.kind in HOLDERS and (address := web_key(self.url)):
            yield Sign.WEBSITE, address
        if (serial := fold(self.serial_number)) and (maker := fold(self.manufacturer)):
            yield Sign.SERIAL_NUMBER, f"{maker}|{serial}"
        if (inventory := fold(self.inventory_number)) and self.organisation:
            yield Sign.INVENTORY_NUMBER, f"{self.organisation}|{inventory}"

    def contradicts(self, other: "Traits") -> bool:
        """Whether numbers that both have show that they are two things after all."""
        numbers = ("ror", "bare_company_number", "serial_number", "inventory_number")
        pairs = ((fold(getattr(self, name)), fold(getattr(other, name))) for name in numbers)
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)

    def is_named_like(self, other: "Traits") -> bool:
        """Whether both have nearly the same name and stand in the same place, and nothing tells them apart."""
        return self.stands_with(other) and are_alike(self.name, other.name) and not self.contradicts(other)

    def stands_with(self, other: "Traits") -> bool:
        """Instruments, services and offers: at the same facility, or else of the same organisation. Organisations and
        facilities: in the same city, as far as both tell, and facilities not of two organisations."""
        if self.kind not in HOLDERS:
            return bool(self.parent and self.parent == other.parent) or (
                bool(self.organisation)
                and self.organisation == other.organisation
                and not (self.parent and other.parent)
            )
        if self.kind == Kind.FACILITY and self.organisation and other.organisation:
            return self.organisation == other.organisation
        return self.is_in_country_of(other) and _may_equal(fold(self.city), fold(other.city))

    def is_in_country_of(self, other: "Traits") -> bool:
        """As far as both tell."""
        return _may_equal(self.country, other.country)


def are_alike(name: str, other: str) -> bool:
    """Whether two folded names are nearly the same, numbers and single letters exactly, whatever little words there are
    between."""
    mine, theirs = _telling_words(name), _telling_words(other)
    if _ratio(mine, theirs) < ALIKE and _ratio(sorted(mine), sorted(theirs)) < ALIKE:
        return False
    rest, other_rest = _without(mine, theirs), _without(theirs, mine)
    same_numbers = sorted(NUMBERS.findall(name)) == sorted(NUMBERS.findall(other))
    return same_numbers and (not rest or not other_rest or _ratio(rest, other_rest) >= REST_ALIKE)


def _telling_words(name: str) -> list[str]:
    return [word for word in name.split() if word not in LITTLE_WORDS]


def _without(words: list[str], others: list[str]) -> list[str]:
    return [word for word in words if word not in others]


def _ratio(words: list[str], others: list[str]) -> float:
    return fuzz.ratio(" ".join(words), " ".join(others))


def _may_equal(mine: str, theirs: str) -> bool:
    return not mine or not theirs or mine == theirs


def web_key(url: str) -> str:
    """Host and path of a web address as they are compared: "https://www.Uu.se/en/" -> "uu.se/en"."""
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
        host = EMPTY_HOST.sub("", (parts.hostname or "").casefold())
    except ValueError:
        return ""
    return f"{host}{parts.path.rstrip('/')}" if host else ""
