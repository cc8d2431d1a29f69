"""Techniques named in a query, and what an ambiguous name means there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from facilities.catalogue.models import TermKind
from facilities.search.understanding.concepts import Concept, Term
from facilities.search.understanding.phrases import SHORTEST_PART, Phrases
from facilities.search.understanding.words import QueryWord, stems_of

Name = tuple[Concept, Term]
LABELS = (TermKind.LABEL, TermKind.SYNONYM)
HEADS = (
    ("prov", "test", "tests", "tester", "testen", "testing", "testning", "provning", "proving", "prufung"),
    ("analys", "analyse", "analyser", "analysen", "analytik", "bestamning", "bestemmelse", "bestimmung"),
    ("matning", "matningar", "maling", "malinger", "messung", "messungen"),
    ("spektroskopi", "spektroskopie", "spektrometri", "spektrometrie"),
    ("sekvensering", "sekventering", "sequenzierung"),
)
"""Last parts of compounds, folded, that say the same: strekktesting is strekkprøving."""
SHORTEST_FRONT = 4


@dataclass(frozen=True, slots=True)
class TechniqueFound:
    """Words `start` to `end` - 1 name these techniques; `models` if as a maker's model."""

    start: int
    end: int
    concepts: tuple[Concept, ...]
    is_model: bool


class Techniques:
    """All names of all techniques."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = {concept.slug: concept for concept in concepts}
        self.labels = tuple(term.text for concept in concepts for term in concept.terms if term.kind in LABELS)
        self._names: Phrases[Name] = Phrases()
        for concept in concepts:
            for term in concept.terms:
                self._names.add(term.text, (concept, term), term.language)

    def within(self, words: Sequence[QueryWord]) -> list[TechniqueFound]:
        """Techniques at all places of a query; they may overlap."""
        named = [(start, end, names) for start in range(len(words)) for end, names in self._names.at(words, start)]
        named += self._in_compounds(words, {start for start, _end, _names in named})
        sure = [concept for _start, _end, names in named for concept, term in names if not term.ambiguous]
        found = (self._found(words, start, end, names, sure) for start, end, names in named)
        return [each for each in found if each is not None]

    def _in_compounds(self, words: Sequence[QueryWord], known: set[int]) -> list[tuple[int, int, list[Name]]]:
        """Techniques named by a part of a long word: masspektrometrilaboratorium."""
        long = ((at, word) for at, word in enumerate(words) if word.free and at not in known)
        parts = ((at, self._in_compound(word)) for at, word in long if len(word.folded) > SHORTEST_PART)
        return [(at, at + 1, names) for at, names in parts if names]

    def _in_compound(self, word: QueryWord) -> list[Name]:
        """What a compound is with another last part of the same meaning, else what it begins or ends with."""
        respelt = (replace(word, folded=each) for each in _with_other_heads(word.folded))
        named = [name for each in respelt for _end, names in self._names.at([each], 0) for name in names]
        return list(dict.fromkeys(named)) or self._names.in_compound(word.folded)

    def _found(
        self, words: Sequence[QueryWord], start: int, end: int, names: list[Name], sure: list[Concept]
    ) -> TechniqueFound | None:
        if end - start == 1 and words[start].says_nothing:
            return None
        others = [word for word in (*words[:start], *words[end:]) if not (word.says_nothing or word.is_alternative)]
        written = "".join(word.written for word in words[start:end])
        meant = [name for name in names if _is_meant(name, written, others, sure)]
        clued = [name for name in meant if not name[1].ambiguous or _has_clue(name[0], others, sure)] or meant
        if not clued:
            return None
        is_model = all(term.kind == TermKind.MODEL for _concept, term in clued)
        return TechniqueFound(start, end, tuple(dict.fromkeys(concept for concept, _term in clued)), is_model)


def _with_other_heads(word: str) -> Iterator[str]:
    """A compound with each other last part that means what its own does."""
    for heads in HEADS:
        own = max((head for head in heads if word.endswith(head)), key=len, default="")
        front = word.removesuffix(own)
        if own and len(front) >= SHORTEST_FRONT:
            yield from (front + head for head in heads if head != own)


def _is_meant(name: Name, written: str, others: Sequence[QueryWord], sure: Iterable[Concept]) -> bool:
    """Whether a name, as written beside the other words, can mean the technique."""
    concept, term = name
    if _stems(others) & concept.excluding_stems(term.text):
        return False
    if not term.ambiguous or not others or _has_clue(concept, others, sure):
        return True
    shouted = all(word.written.isupper() for word in others)
    return not shouted and not written.islower() and written == "".join(filter(str.isalnum, term.text))


def _has_clue(concept: Concept, others: Sequence[QueryWord], sure: Iterable[Concept]) -> bool:
    """Whether another word, or another technique of the query, speaks for this one."""
    return bool(_stems(others) & concept.clue_stems) or any(concept.is_near(other) for other in sure)


def _stems(words: Sequence[QueryWord]) -> frozenset[str]:
    return stems_of(" ".join(word.folded for word in words))
