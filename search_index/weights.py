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
    "techniques": FieldWeight(2.0, 40.0, 0.8),
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
