"""Names compared as people mean them: without case, accents, punctuation or a bracketed abbreviation at the end."""

import re
from functools import lru_cache

from slugify import slugify

BRACKETED_END = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, ASCII letters and digits, single blanks: "Åbo Akademi" -> "abo akademi"."""
    return slugify(text, separator=" ")


def name_key(name: str) -> str:
    """The key by which a name recognises itself: "Swiss Light Source (SLS)" -> "swiss light source"."""
    return fold(BRACKETED_END.sub("", name)) or fold(name) or name.casefold().strip()
