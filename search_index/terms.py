"""Terms: the keys of the inverted index.

A word as it stands (folded) is its own key. Stems (`e:microscop`) and skeletons (`x:moller`) start with
a control character, so that they sort before all words and are never shown or completed.
"""

from functools import lru_cache

from search_index.letters import skeleton
from search_index.stems import query_stems, text_stems

HIDDEN = "\x01"
FIRST_WORD = b"\x02"
"""Sorts after every hidden term and before every word."""


def word_term(folded: str) -> bytes:
    """The key of a word as it stands."""
    return folded.encode()


def skeleton_term(bones: str) -> bytes:
    """The key under which a word with two-letter spellings is also found."""
    return f"{HIDDEN}x:{bones}".encode()


def stem_term(mark: str, stem: str) -> bytes:
    """The key of a stem in the language of a mark."""
    return f"{HIDDEN}{mark}:{stem}".encode()


def tag_term(slug: str) -> bytes:
    """The key under which the documents that carry a tag are found."""
    return f"{HIDDEN}t:{slug}".encode(errors="replace")


def text_terms(folded: str, language: str) -> tuple[bytes, ...]:
    """All keys under which a word of a text in `language` is indexed, the word itself first."""
    hidden = [f"{HIDDEN}{stem}".encode() for stem in text_stems(folded, language)]
    bones = skeleton(folded)
    if bones != folded:
        hidden.append(skeleton_term(bones))
    return (word_term(folded), *hidden)


@lru_cache(maxsize=8_000)
def spelling_terms(folded: str) -> tuple[bytes, ...]:
    """The keys of the same word in another spelling, as a query asks for them."""
    bones = skeleton(folded)
    return (skeleton_term(bones),) if bones == folded else (skeleton_term(bones), word_term(bones))


@lru_cache(maxsize=8_000)
def stem_terms(folded: str) -> tuple[bytes, ...]:
    """The keys of the word's inflections in any language, as a query asks for them."""
    return tuple(f"{HIDDEN}{stem}".encode() for stem in query_stems(folded))
