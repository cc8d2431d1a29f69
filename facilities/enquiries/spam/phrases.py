"""What honest enquiries link to and speak of, and what advertisements and swindles say: read from `phrases.yaml`."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

_READ = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text("utf-8"))


def _any_of(phrases: list[str], end: str) -> re.Pattern[str]:
    either = "|".join(phrase.replace(" ", r"\s+") for phrase in phrases)
    return re.compile(rf"\b(?:{either}){end}", re.IGNORECASE)


FREE_MAIL = frozenset(_READ["free_mail"])
SCHOLARLY = tuple(_READ["scholarly"])
ACADEMIC = tuple(_READ["academic"])
SHORTENERS = frozenset(_READ["shorteners"])
CHEAP_DOMAINS = tuple(_READ["cheap_domains"])
OUR_FIELD = _any_of(_READ["our_field"], "")
SELLING = _any_of(_READ["selling"], r"(?!\w)")

MARKUP = re.compile(r"<a\s[^>]*href|\[url[=\]]|\[link[=\]]|<iframe|<script", re.IGNORECASE)

ELSEWHERE = re.compile(r"\b(?:whats\s?app|telegram|wechat|viber|signal\s+group|t\.me/\S+|wa\.me/\S+)\b", re.IGNORECASE)

MONEY = re.compile(
    r"""(?:(?:usd|eur|\$|€|£)\s?\d[\d.,\s]{0,20}(?:million|k\b)?|\d[\d.,\s]{0,20}\s?(?:usd|euro?|dollars?))[^.!?]{0,40}
    \b(?:per\s+(?:week|day)|a\s+(?:week|day)|in\s+your\s+favour|guaranteed|inheritance|prize|from\s+home)
    |\bwon\b[^.!?]{0,30}\d|\b(?:inheritance|fund)\b[^.!?]{0,60}(?:usd|eur|\$|€|£)\s?\d""",
    re.IGNORECASE | re.VERBOSE,
)

SCRIPTS = ("LATIN", "GREEK", "MICRO", "FEMININE", "MASCULINE", "MODIFIER", "KELVIN", "ANGSTROM", "OHM", "DOUBLE-STRUCK")
"""Of the letters of listings, formulas and units, as Unicode's names begin."""


@lru_cache(maxsize=4096)
def is_foreign_letter(character: str) -> bool:
    return not unicodedata.name(character, "").startswith(SCRIPTS)
