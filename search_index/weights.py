"""Every number that decides the order of the hits.

A document's score is BM25F: for each word of the query, the occurrences in all fields are added up,
each divided by how long its field is and multiplied by the field's weight, then damped and multiplied
by the rarity of the word. Changing a number here needs no new index.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """`weight` of an occurrence in a field of `length` words; `slope` (0 to 1) is how much length matters."""

    weight: float
    length: float
    slope: float


FIELD_WEIGHTS = {
    "title": FieldWeight(5.0, 6.0, 0.5),
    "names": FieldWeight(4.0, 6.0, 0.4),
    "model": FieldWeight(4.5, 4.0, 0.4),
    "techniques": FieldWeight(1.0, 40.0, 0.8),
    "organisation": FieldWeight(2.0, 6.0, 0.3),
    "place": FieldWeight(2.0, 3.0, 0.3),
    "keywords": FieldWeight(2.5, 12.0, 0.5),
    "description": FieldWeight(1.0, 80.0, 0.6),
}

DAMPING = 4.0
"""BM25's k1: the smaller, the sooner more occurrences stop adding to the score."""

EXACT_FORM = 1.0
"""A word found just as it was typed (letters folded)."""
OTHER_SPELLING = 0.9
"""Found under another spelling of the same letters (oe for ö), or written together or apart."""
INFLECTION = 0.75
"""Found through its stem."""
COMPLETION = 0.8
"""Found as the beginning of a longer word, when the query ends in a star."""

COMPOUND = 0.6
"""Found as the last part of a longer word: svepelektronmikroskop for mikroskop."""
APART = 0.45
"""A compound of the query whose parts stand in one field, in any order."""

TAG_STRENGTH = 4.0
"""What carrying a tag is worth, as the strength of a word is: nearly that of a word in a short title. What the text
says is added."""
MEANT_TAG = 1.0
MEANT_TEXT = 0.9
"""An alternative that is a tag, or words of the text, counts with its own weight and this."""
EACH_MORE_WORD = 0.5
"""What each word after the first adds to the worth of a meaning, in shares of the first."""
BESIDE = 0.3
"""Share of the lesser that counts too, of what a word scores as it is typed and what it scores by its meaning."""

PARTIAL = 0.8
"""When no document answers all words: share of the best sum of rarities that an answer to a part must reach."""
FILLING = 0.4
"""When too few documents answer all words: the same, for those that are added behind them."""
LACKING = 0.5
"""Share of its score that an answer to a part loses, so that it comes behind."""
LEAST_PARTIAL = 0.2
"""Share of all rarities of a query, with those of its unknown words, that a part has to be worth to be an answer."""

SIDE_BY_SIDE = 0.6
"""Two words of the query that stand next to each other add this share of what they score as a phrase."""

WHOLE_TITLE = 60.0
"""Added when the query is the whole title."""
WHOLE_MODEL = 50.0
"""Added when the query is a whole model name."""
WHOLE_NAME = 40.0
"""Added when the query is a whole other name or abbreviation."""

OVERDUE = 0.9
"""What the score of a document is multiplied by that nobody has vouched for since the moment the query names: it comes
after its equals, and still before what answers less well."""

NEARNESS = 3.0
"""A hit that is just where the visitor looks counts for this many times more; what is further away for less of it."""
HALF_AS_NEAR_KM = 50.0
"""At this distance half of NEARNESS is left, at twice the distance a third."""
PREFERRED = {"country": 3.0, "city": 2.0, "organisation": 2.0, "kind": 1.2}
"""What the score of a document is multiplied by that has a value of this facet that the query prefers."""
PREFERRED_ELSE = 1.5
"""The same for all other facets."""
OPEN = 1.05
"""What the score of a document is multiplied by that is open to the visitor's group of users."""
