"""Techniques named in a query, and what an ambiguous name means there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facilities.catalogue.models import TermKind
from facilities.search.understanding.concepts import Concept, Term
from facilities.search.understanding.phrases import SHORTEST_PART, Phrases
from facilities.search.understanding.words import QueryWord, stems_of
from search_index.stopwords import STOP_WORDS

Name = tuple[Concept, Term]
LABELS = (TermKind.LABEL, TermKind.SYNONYM)


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
        parts = ((at, self._names.in_compound(word.folded)) for at, word in long if len(word.folded) > SHORTEST_PART)
        return [(at, at + 1, names) for at, names in parts if names]

    def _found(
        self, words: Sequence[QueryWord], start: int, end: int, names: list[Name], sure: list[Concept]
    ) -> TechniqueFound | None:
        if end - start == 1 and words[start].folded in STOP_WORDS:
            return None
        others = [word for word in (*words[:start], *words[end:]) if word.folded not in STOP_WORDS]
        written = "".join(word.written for word in words[start:end])
        meant = [name for name in names if _is_meant(name, written, others, sure)]
        clued = [name for name in meant if not name[1].ambiguous or _has_clue(name[0], others, sure)] or meant
        if not clued:
            return None
        is_model = all(term.kind == TermKind.MODEL for _concept, term in clued)
        return TechniqueFound(start, end, tuple(dict.fromkeys(concept for concept, _term in clued)), is_model)


def _is_meant(name: Name, written: str, others: Sequence[QueryWord], sure: Iterable[Concept]) -> bool:
    """Whether a name, as written beside the other words, can mean the technique."""
    concept, term = name
    if _stems(others) & concept.excluding_stems(term.text):
        return False
    if not term.ambiguous or not others or _has_clue(concept, others, sure):
        return True
    shouted = all(word.written.isupper() for word in others)
    return not shouted and written == "".join(filter(str.isalnum, term.text))


def _has_clue(concept: Concept, others: Sequence[QueryWord], sure: Iterable[Concept]) -> bool:
    """Whether another word, or another technique of the query, speaks for this one."""
    return bool(_stems(others) & concept.clue_stems) or any(concept.is_near(other) for other in sure)


def _stems(words: Sequence[QueryWord]) -> frozenset[str]:
    return stems_of(" ".join(word.folded for word in words))
