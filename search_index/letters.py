"""Letters: how different spellings of the same word meet.

`fold` gives the plain form that words are compared in: lower case, without accents, ß as ss, æ as ae,
ø and ö as o, å and ä as a. `skeleton` goes further, so that a letter written as two (Moeller, Aarhus,
laekare) meets the letter itself (Møller, Århus, läkare).
"""

import re
import unicodedata

_SPECIAL = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})
_SHORTEST_RESPELT = 4
_DIGRAPH = re.compile(r"aa|ae|oe|(?<![aeq])ue")


def normalise(text: str) -> str:
    """`text` with accents joined to their letters, so that each letter is one character."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """The plain form of a word."""
    lower = word.casefold()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", lower.translate(_SPECIAL))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def skeleton(folded: str) -> str:
    """A folded word with the Nordic and German two-letter spellings reduced to one letter; the shortest (AAV) stay."""
    if len(folded) < _SHORTEST_RESPELT:
        return folded
    return _DIGRAPH.sub(lambda pair: pair[0][0], folded)
