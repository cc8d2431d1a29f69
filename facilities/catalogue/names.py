"""Names compared as people mean them: without case, accents, punctuation or a bracketed abbreviation at the end."""

import re
from functools import lru_cache

from slugify import slugify

BRACKETED_END = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, ASCII letters and digits, single blanks: "Åbo Akademi" -> "abo akademi"."""
    return slugify(text, separator=" ")


@lru_cache(maxsize=20_000)
def slug_of(name: str) -> str:
    """The part of an address that is for people, at most 60 characters: "LSM 880" -> "lsm-880"."""
    return slugify(name, max_length=60, word_boundary=True)


def name_key(name: str) -> str:
    """The key by which a name recognises itself: "Swiss Light Source (SLS)" -> "swiss light source"."""
    return fold(BRACKETED_END.sub("", name)) or fold(name) or name.casefold().strip()
