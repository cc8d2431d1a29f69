"""Techniques as search knows them: what each is called, what is narrower, and by which words a listing shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from facilities.catalogue.models import TermKind
from facilities.catalogue.models.vocabulary import label_in
from facilities.search.understanding import weights
from facilities.search.understanding.words import stems_of
from search_index import Alternative, Meaning, normalise, words_in

MOST_ALTERNATIVES = 160
SHORTEST_CLUE = 5
"""Letters of a word of a technique's own names that tells it from others of the same abbreviation."""
_SHORTEST_AMBIGUOUS = 3
_SHORTEST_BELOW = 5
"""Letters of a narrower technique's abbreviation that is looked for: shorter ones are too often words, as SAED is."""
_LABELS = (TermKind.LABEL, TermKind.SYNONYM)
_NAMES = (TermKind.ABBREVIATION, TermKind.MODEL)
"""Kinds of terms that are not inflected: the model Avance is not part of avancerad."""


@dataclass(frozen=True, slots=True)
class Term:
    """One text that names a technique."""

    text: str
    kind: TermKind
    language: str
    ambiguous: bool

    def alternative(self, weight: float) -> Alternative:
        """A listing that says it."""
        return Alternative(self.text, weight=weight, exact=self.kind in _NAMES)

    @property
    def is_telling(self) -> bool:
        """Whether it speaks for a broader technique too."""
        return not self.ambiguous and (self.kind != TermKind.ABBREVIATION or len(self.text) >= _SHORTEST_BELOW)


@dataclass(eq=False)
class Concept:
    """A technique. `version` tells one state of the vocabulary from another."""

    slug: str
    labels: dict[str, str]
    category: str
    version: str
    clues: tuple[str, ...] = ()
    not_with: dict[str, list[str]] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    narrower: list["Concept"] = field(default_factory=list)
    broader: "Concept | None" = None

    @property
    def label(self) -> str:
        """The name in the visitor's language."""
        return label_in(self.labels)

    @property
    def also(self) -> tuple[str, ...]:
        """A few of the other things that are found with it: narrower techniques and makers' models."""
        models = [term.text for term in self._said_by(TermKind.MODEL)]
        below = [term.text for concept in self.narrower for term in concept._said_by(TermKind.MODEL)]
        return tuple([concept.label for concept in self.narrower[:2]] + [*models, *below][:1])

    @property
    def has_models(self) -> bool:
        """Whether it is done with an instrument that makers sell."""
        return any(self._said_by(TermKind.MODEL))

    @cached_property
    def clue_stems(self) -> frozenset[str]:
        """Stems of the words beside an ambiguous name that make it this technique's."""
        own = (word.folded for term in self._said_by(*_LABELS) for word in words_in(normalise(term.text)))
        return stems_of(" ".join([*self.clues, *(word for word in own if len(word) >= SHORTEST_CLUE)]))

    def excluding_stems(self, name: str) -> frozenset[str]:
        """Stems of the words beside a name that say it means something else."""
        return stems_of(" ".join(word for said, words in self.not_with.items() if said == name for word in words))

    def is_near(self, other: "Concept") -> bool:
        """Whether both are of one category, or one directly below the other."""
        return self is not other and (self.category == other.category or other in (self.broader, *self.narrower))

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """All ways in which a listing says that it has this technique, the surest first."""
        best: dict[tuple[str, str], Alternative] = {}
        for said in (*self._own(), *self._below()):
            best.setdefault((said.tag, said.text.casefold()), said)
        return tuple(sorted(best.values(), key=lambda said: -said.weight)[:MOST_ALTERNATIVES])

    def meaning(self, start: int, end: int, most: int = MOST_ALTERNATIVES) -> Meaning:
        """Words `start` to `end` - 1 of a query read as this technique, by the `most` surest alternatives."""
        return Meaning(start, end, f"{self.slug}@{self.version}/{most}", self.alternatives[:most])

    def likeness(self, start: int, end: int) -> Meaning:
        """The same for the name of a model: listings with the technique are like what is looked for, not it."""
        like = tuple(replace(said, weight=said.weight * weights.SIMILAR) for said in self.alternatives)
        return Meaning(start, end, f"{self.slug}@{self.version}~", like)

    def _own(self) -> Iterator[Alternative]:
        yield Alternative(tag=self.slug, weight=weights.TAG)
        for term in self.terms:
            if not term.ambiguous:
                yield term.alternative(weights.TERMS[term.kind])
            elif len(term.text) >= _SHORTEST_AMBIGUOUS and not term.text.islower():
                yield term.alternative(weights.AMBIGUOUS)

    def _below(self) -> Iterator[Alternative]:
        """Narrower techniques: by their tags at any depth, by their texts only the next ones."""
        for concept, depth in self.descendants():
            share = weights.NARROWER**depth
            yield Alternative(tag=concept.slug, weight=share * weights.TAG)
            if depth == 1:
                for term in concept.terms:
                    if term.is_telling and term.kind != TermKind.SYNONYM:
                        yield term.alternative(share * weights.TERMS[term.kind])

    def descendants(self) -> list[tuple["Concept", int]]:
        """All narrower techniques with how many levels below they are, each once whatever the vocabulary says."""
        found: dict[Concept, int] = {}
        level, depth = [self], 0
        while level:
            depth += 1
            level = [child for concept in level for child in concept.narrower if child not in found]
            found.update(dict.fromkeys(level, depth))
        found.pop(self, None)
        return list(found.items())

    def _said_by(self, *kinds: TermKind) -> Iterator[Term]:
        return (term for term in self.terms if term.kind in kinds)


def linked(concepts: Iterable[Concept], broader: dict[str, str]) -> list[Concept]:
    """The concepts with those below and above each; `broader` maps slugs to slugs."""
    known = {concept.slug: concept for concept in concepts}
    for slug, above in broader.items():
        if slug in known and above in known:
            known[slug].broader = known[above]
            known[above].narrower.append(known[slug])
    return list(known.values())


def by_category(concepts: Iterable[Concept]) -> dict[str, list[Concept]]:
    """Concepts by the slug of their category."""
    found: dict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        found[concept.category].append(concept)
    return found
