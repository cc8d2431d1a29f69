"""Field types that clean what can be cleaned and say what to do about the rest."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError
from stdnum.dk import cvr
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fi import ytunnus
from stdnum.no import orgnr as norwegian_number
from stdnum.se import orgnr as swedish_number

from facilities.catalogue.models import OfferKind
from facilities.exchange.records.identifiers import plain_doi, plain_orcid, plain_ror

NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
COUNTRIES = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))} - NOT_COUNTRIES
COMPANY_NUMBERS = {"SE": swedish_number, "NO": norwegian_number, "DK": cvr, "FI": ytunnus}
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
OURS = re.compile(r"/(media|demo/images)/[A-Za-z0-9][\w.-]*")
DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+(/|$)")
KEPT_CONTROLS = "\n\t"
INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)
"""Soft hyphens, blanks without width, and marks that turn the direction of writing around."""


def problem(reason: str) -> PydanticCustomError:
    return PydanticCustomError("record", "{reason}", {"reason": reason})


def note(info: ValidationInfo, reason: str) -> None:
    """Report a value that was cleaned rather than rejected."""
    if info.context is not None:
        info.context["notes"].append((info.field_name or "", reason))


def said_of_offers(value: OfferKind | None, info: ValidationInfo) -> OfferKind | None:
    """Every offer says what it is, or it would be taken for another kind."""
    if value is None and info.data.get("type") == "offer":
        raise problem(f"is missing: write which of {', '.join(OfferKind)} the offer is")
    return value


def clean_text(value: Any, info: ValidationInfo) -> Any:
    """NFC, without control characters and outer blanks; numbers become text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    if kept != text:
        note(info, "control characters were removed")
    return kept.translate(INVISIBLE).strip()


def one_line(value: Any, info: ValidationInfo) -> Any:
    text = clean_text(value, info)
    return " ".join(text.split()) if isinstance(text, str) else text


def web_address(value: Any, info: ValidationInfo) -> Any:
    """An http(s) address, or the path of a file of ours; a bare domain gets https; anything else is dropped with a
    note."""
    text = one_line(value, info)
    if not isinstance(text, str) or not text or OURS.fullmatch(text):
        return text
    if "://" not in text and DOMAIN.match(text):
        text = f"https://{text}"
    if is_web_address(text):
        return text
    note(info, "only http and https addresses are kept: the link was left out")
    return ""


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isprintable() and "\\" not in text and "@" not in parts.netloc
    return plain and parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(text) <= 2000


def country_code(value: Any) -> Any:
    code = str(value).strip().upper()
    if code and code not in COUNTRIES:
        raise problem(f"“{value}” is not a country: write its two-letter ISO 3166 code, for instance SE")
    return code or None


def partial_date(value: str) -> str:
    if value and not PARTIAL_DATE.fullmatch(value):
        raise problem("write a year, year-month or date: 2021, 2021-05 or 2021-05-17")
    return value


def iso_date(value: Any) -> Any:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise problem("write a date as 2026-12-31") from None


def ror_id(value: Any, info: ValidationInfo) -> Any:
    """The 9 characters of a ROR id, whose check digits must be right."""
    if not value:
        return None
    identifier = plain_ror(str(value))
    if identifier is None:
        note(info, "not a valid ROR id: it was left out")
    return identifier


def doi(value: Any, info: ValidationInfo) -> Any:
    if not (text := one_line(value, info)):
        return None
    if not (plain := plain_doi(text)):
        raise problem("not a valid DOI: write it as 10.1234/name")
    return plain


def rrid(value: Any, info: ValidationInfo) -> Any:
    text = one_line(value, info) or ""
    if text and not re.fullmatch(r"(RRID:)?[A-Za-z]+_?[A-Za-z0-9:_-]{1,60}", text):
        raise problem("not a valid RRID: write it as RRID:SCR_123456")
    return f"RRID:{text.removeprefix('RRID:')}" if text else None


def orcid(value: Any) -> Any:
    if not value:
        return None
    if not (plain := plain_orcid(str(value))):
        raise problem("not a valid ORCID iD: check its digits")
    return plain


def company_number(number: str, country: str | None) -> str:
    """The number in its country's short form. ValueError where the country's rule is known and the number breaks it."""
    module = COMPANY_NUMBERS.get(country or "")
    if not number or module is None:
        return number
    try:
        return str(module.validate(number))
    except StdnumError as error:
        raise ValueError(str(error)) from error


def _line(most: int, *also: Callable[..., Any]) -> Any:
    return Annotated[str, Field(max_length=most), BeforeValidator(one_line), *map(AfterValidator, also)]


def _needed(most: int) -> Any:
    return Annotated[str, Field(min_length=1, max_length=most), BeforeValidator(one_line)]


Line = _line(300)
ShortLine = _line(120)
Line20, Line40, Line80, Line200, Line400, Line500, Line600 = map(_line, (20, 40, 80, 200, 400, 500, 600))
Needed = _needed(120)
Needed200 = _needed(200)
RecordId = _needed(200)
Name = _needed(600)
Text = Annotated[str, Field(max_length=20_000), BeforeValidator(clean_text)]
PartialDate = _line(10, partial_date)
WebAddress = Annotated[str, Field(max_length=2000), BeforeValidator(web_address)]
Country = Annotated[str | None, BeforeValidator(country_code)]
IsoDate = Annotated[str, BeforeValidator(iso_date)]
Ror = Annotated[str | None, BeforeValidator(ror_id)]
Rrid = Annotated[str | None, BeforeValidator(rrid)]
Doi = Annotated[str | None, BeforeValidator(doi)]
Orcid = Annotated[str | None, BeforeValidator(orcid)]
KindOfOffer = Annotated[OfferKind | None, Field(validate_default=True), AfterValidator(said_of_offers)]
