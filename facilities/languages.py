"""The languages of the interface, and which of the languages that something is written in suits a reader best."""

from collections.abc import Collection, Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale

LANGUAGES: Mapping[str, str] = {"en": "English", "sv": "Svenska", "nb": "Norsk (bokmål)", "da": "Dansk"}
"""The languages of the interface, each by its own name. Strings in the code are English."""

SAME = {"no": "nb", "nn": "nb"}
"""Browsers and records have other codes for Norwegian, whose interface is in bokmål."""

NEIGHBOURS = {
    "sv": ("nb", "nn", "da"),
    "nb": ("nn", "da", "sv"),
    "nn": ("nb", "da", "sv"),
    "da": ("nb", "nn", "sv"),
}
"""What else somebody reads with ease who reads a language, the nearest first."""


def interface_language(code: str) -> str:
    """The language of the interface for a code such as sv, sv-FI, nb_NO, no or nn; "" if it is not offered."""
    language = code.replace("_", "-").partition("-")[0].lower()
    language = SAME.get(language, language)
    return language if language in LANGUAGES else ""


def spoken_now() -> str:
    """The code of the language that the page or letter at hand is written in."""
    locale = get_locale()
    return locale.language if locale else "en"


def read_best(written: Collection[str], language: str = "", else_: str = "") -> str:
    """Which of the languages that something is `written` in suits a reader of `language` (that of the page if none is
    named): their own, then its neighbours, then English, then `else_`, then any. "" if it is written in none."""
    language = language or spoken_now()
    wanted = (language, *NEIGHBOURS.get(SAME.get(language, language), ()), "en", else_)
    return next((code for code in wanted if code in written), next(iter(written), ""))


def text_of(texts: Mapping[str, Any], language: str = "") -> str:
    """The one of some {language: text} that suits a reader best; "" if there is none."""
    written = [code for code, text in texts.items() if text]
    return str(texts[read_best(written, language)]) if written else ""


def language_name(code: str) -> str:
    """Svenska for sv; the code itself when no such language is known."""
    try:
        return (Locale.parse(code).display_name or code).capitalize()
    except (ValueError, LookupError):
        return code


def spoken(code: str) -> str:
    """The name of a language in the visitor's: Swedish for sv."""
    locale = get_locale() or Locale("en")
    return locale.languages.get(code, code)
