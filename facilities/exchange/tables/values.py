"""Cells as people write them, turned into plain values: what can be understood is, what cannot says what to write."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.catalogue.models.terms import Word
from facilities.catalogue.names import fold
from facilities.catalogue.roles import offered_roles, slugs_by_name
from facilities.exchange.records.cleaning import COUNTRIES
from facilities.exchange.tables.fields import LANGUAGES, Cell, Field
from facilities.exchange.tables.lines import as_rows

SPOKEN = ("en", "sv", "nb", "da", "de", "fi")
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
DAY_FIRST = re.compile(r"(\d{1,2})[./ ](\d{1,2})[./ ](\d{4})$")
MONTH = re.compile(r"(?:(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4}))$")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
YES = {"yes", "y", "true", "1", "x", "ja", "j", "kylla", "sant", "wahr", "on"}
NO = {"no", "n", "false", "0", "nej", "nei", "nein", "ei", "falskt", "falsch", "off"}
BLANKS = str.maketrans("", "", " \u00a0\u2009\u202f'’")
UNITS = re.compile(r"(?i)\b(sek|nok|dkk|eur|isk|gbp|usd|kr)\b\.?|[€£$]|:-")
SEPARATORS = re.compile(r"[;|\n]")
COMMON = {
    "timme": "hour", "tim": "hour", "time": "hour", "h": "hour", "stunde": "hour", "tunti": "hour", "prov": "sample",
    "prove": "sample", "probe": "sample", "nayte": "sample", "dag": "day", "tag": "day", "paiva": "day",
    "projekt": "project", "prosjekt": "project", "projekti": "project",
    "equipment": "instrument", "instrument": "instrument", "utrustning": "instrument", "utstyr": "instrument",
    "udstyr": "instrument", "gerat": "instrument", "laite": "instrument", "facilitet": "facility",
    "core facility": "facility", "tjanst": "service", "tjeneste": "service", "ydelse": "service",
    "dienstleistung": "service", "palvelu": "service", "organization": "organisation", "erbjudande": "offer",
    "tilbud": "offer", "angebot": "offer", "tarjous": "offer",
}  # fmt: skip
"""Kinds of listings and bases of prices as other registers call them."""


class Unclear(ValueError):
    """A cell that cannot be understood; the message says what to write."""


def value_of(field: Field, text: str) -> Any:
    """The plain value of a cell that is not empty. Raises Unclear."""
    return READERS[field.cell](field, text)


def _list(_field: Field, text: str) -> list[str]:
    return [part for piece in SEPARATORS.split(text) if (part := piece.strip())]


def _integer(_field: Field, text: str) -> int:
    try:
        value = number(text)
    except Unclear:
        value = 0.5
    if value != int(value):
        raise Unclear(_("“%(text)s” is no whole number: write digits only.", text=text))
    return int(value)


def _number(_field: Field, text: str) -> float:
    return number(text)


def _amount(_field: Field, text: str) -> str:
    return f"{number(UNITS.sub('', text)):.2f}"


def number(text: str) -> float:
    """1 250,50 and 1,250.50 and 1250.5 are understood. Raises Unclear, also for 1,250: that may be either."""
    plain = text.translate(BLANKS)
    if "," in plain and "." in plain:
        decimal = max(",.", key=plain.rfind)
        plain = plain.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif plain.count(",") == 1 and not re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", plain):
        plain = plain.replace(",", ".")
    try:
        return float(plain) if re.fullmatch(r"-?[\d.]+(?:[eE][-+]?\d+)?", plain) else _no_number(text)
    except (ValueError, OverflowError):
        return _no_number(text)


def _no_number(text: str) -> float:
    raise Unclear(
        _("“%(text)s” is not a clear number: write it without separators of thousands, as 1250.50.", text=text)
    )


def _date(_field: Field, text: str) -> str:
    try:
        return day(text).isoformat()
    except ValueError:
        raise Unclear(_("“%(text)s” is no date: write it as 2026-12-31.", text=text)) from None


def day(text: str) -> date:
    """2026-12-31, 31.12.2026, 31/12/2026 (the day first) and 20261231. ValueError for anything else."""
    text = text.strip()
    if found := DAY.match(text) or COMPACT.match(text):
        year, month, of_month = map(int, found.groups())
    elif found := DAY_FIRST.match(text):
        of_month, month, year = map(int, found.groups())
    else:
        raise ValueError(text)
    return date(year, month, of_month)


def _partial_date(_field: Field, text: str) -> str:
    """A year, a month or a day, as precise as it is written."""
    text = text.strip()
    if re.fullmatch(r"\d{4}", text):
        return text
    if found := MONTH.match(text):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return f"{year}-{int(month):02}"
    try:
        return day(text).isoformat()
    except ValueError:
        raise Unclear(
            _("“%(text)s” is no date: write a year, a month or a day: 2021, 2021-05 or 2021-05-17.", text=text)
        ) from None


def _flag(_field: Field, text: str) -> bool:
    said = fold(text)
    if said not in YES | NO:
        raise Unclear(_("“%(text)s” is neither yes nor no: write yes or no.", text=text))
    return said in YES


def _word(field: Field, text: str) -> str:
    assert field.words is not None
    known = _words(field.words)
    said = fold(text)
    found = known.get(said) or _commonly(field, said)
    if found is None:
        choices = ", ".join(word.value for word in field.words)
        raise Unclear(_("“%(text)s” is not known here: write one of %(choices)s.", text=text, choices=choices))
    return found


def _commonly(field: Field, said: str) -> str | None:
    meant = COMMON.get(said.removeprefix("per "))
    return meant if meant in {word.value for word in field.words or ()} else None


def _many_words(field: Field, text: str) -> list[str]:
    """Words in the order of their list, separated by ; or | or line breaks, or commas."""
    assert field.words is not None
    parts = _list(field, text)
    if len(parts) == 1 and fold(parts[0]) not in _words(field.words):
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    return [_word(field, part) for part in parts]


def _many_roles(field: Field, text: str) -> list[str]:
    """Roles of the desk's list, by their slugs or their names in any language."""
    known = slugs_by_name()
    parts = _list(field, text)
    if len(parts) == 1 and fold(parts[0]) not in known:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    if strange := next((part for part in parts if fold(part) not in known), ""):
        choices = ", ".join(role.slug for role in offered_roles())
        raise Unclear(_("“%(text)s” is not known here: write one of %(choices)s.", text=strange, choices=choices))
    return list(dict.fromkeys(known[fold(part)] for part in parts))


@lru_cache(maxsize=64)
def _words(words: type[Word]) -> dict[str, str]:
    """Folded values and English labels of a list of words."""
    with force_locale("en"):
        labels = {fold(str(word.label)): word.value for word in words}
    return labels | {fold(word.value): word.value for word in words}


def _country(_field: Field, text: str) -> str:
    code = text.strip().upper()
    found = code if code in COUNTRIES else countries().get(fold(text))
    if found is None:
        raise Unclear(_("“%(text)s” is not a country: write its two-letter code, for instance SE.", text=text))
    return found


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Codes by the folded names of countries in the languages of the region."""
    names = {"uk": "GB", "usa": "US", "england": "GB", "scotland": "GB", "holland": "NL"}
    for locale in map(Locale, SPOKEN):
        names |= {fold(str(name)): str(code) for code, name in locale.territories.items() if str(code) in COUNTRIES}
    return names


def _language(_field: Field, text: str) -> str:
    code = fold(text)
    found = code if code in LANGUAGES else languages().get(code)
    if found is None:
        choices = ", ".join(LANGUAGES)
        raise Unclear(
            _("“%(text)s” is no language of this catalogue: write one of %(choices)s.", text=text, choices=choices)
        )
    return found


def _many_languages(field: Field, text: str) -> list[str]:
    return [_language(field, part) for part in re.split(r"[;|,\n]", text) if part.strip()]


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """Codes by the folded names of the languages in each of them."""
    names = {"no": "nb", "norsk": "nb", "norwegian": "nb"}
    for locale in map(Locale, SPOKEN):
        names |= {fold(str(locale.languages[code])): code for code in LANGUAGES if code in locale.languages}
    return names


def _rows(field: Field, text: str) -> list[dict[str, Any]]:
    try:
        return as_rows(field.key, text)
    except ValueError as error:
        raise Unclear(str(error)) from None


READERS: dict[Cell, Callable[[Field, str], Any]] = {
    Cell.TEXT: lambda _field, text: text,
    Cell.LIST: _list,
    Cell.INTEGER: _integer,
    Cell.NUMBER: _number,
    Cell.DATE: _date,
    Cell.PARTIAL_DATE: _partial_date,
    Cell.FLAG: _flag,
    Cell.WORD: _word,
    Cell.WORDS: _many_words,
    Cell.ROLES: _many_roles,
    Cell.COUNTRY: _country,
    Cell.LANGUAGE: _language,
    Cell.LANGUAGES: _many_languages,
    Cell.ROWS: _rows,
    Cell.AMOUNT: _amount,
}


def joined(values: Iterable[Any]) -> str:
    """A list as one cell."""
    return "; ".join(map(str, values))
