"""Persistent identifiers in their plain form; None for what is none.

idutils is loaded when the first is read: it compiles patterns for half a second, and most processes never need them.
"""

import re
from functools import reduce

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ROR = re.compile(rf"0[{_CROCKFORD}]{{6}}\d\d")
_LONGEST_DOI = 200


def plain_ror(text: str) -> str | None:
    """The 9 characters of a ROR id. The last two are the check digits of the number that the others write in
    Crockford's base 32 (ISO 7064 MOD 97-10)."""
    import idutils

    text = text.strip().lower()
    identifier = str(idutils.normalize_ror(text)) if idutils.is_ror(text) else ""
    if not _ROR.fullmatch(identifier):
        return None
    number = reduce(lambda value, letter: value * 32 + _CROCKFORD.index(letter), identifier[:7], 0)
    return identifier if int(identifier[7:]) == 98 - number * 100 % 97 else None


def plain_doi(text: str) -> str | None:
    """A DOI as 10.1234/name, whatever stands before it."""
    import idutils

    return str(idutils.normalize_doi(text)) if len(text) <= _LONGEST_DOI and idutils.is_doi(text) else None


def plain_orcid(text: str) -> str | None:
    """An ORCID iD as 0000-0002-1825-0097, with the right check digit."""
    import idutils

    return str(idutils.normalize_orcid(text)) if idutils.is_orcid(text) else None
