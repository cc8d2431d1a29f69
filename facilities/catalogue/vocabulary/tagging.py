"""Finding the techniques and categories that a record names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from facilities.catalogue.models import Category, Technique, TechniqueTerm, TermKind
from facilities.catalogue.names import fold
from facilities.db import db

LONGEST_TERM = 7
LONGEST_AMBIGUOUS = 3
SHORTEST_BEGINNING = 5
BOLD = (TermKind.LABEL, TermKind.SYNONYM, TermKind.MODEL)


@dataclass(frozen=True, slots=True)
class Beside:
    """The words beside an ambiguous text that make it a technique's, or another's. All are folded."""

    clues: tuple[str, ...]
    others: tuple[str, ...]

    def allows(self, words: list[str]) -> bool:
        """Whether a text among these folded words is the technique's."""
        return _said(self.clues, words) and not _said(self.others, words)


def _said(wanted: Iterable[str], words: list[str]) -> bool:
    """Whether a wanted word stands among the words: a short one as it is, a longer one with any ending."""
    text = f" {' '.join(words)} "
    return any(f" {word}" + " " * (len(word) < SHORTEST_BEGINNING) in text for word in wanted)


@dataclass
class Vocabulary:
    """Finds techniques and categories in records.

    `folded` and `exact` are whole texts, the latter ambiguous and so in their case; `in_names` and `as_written` are
    what counts within a longer text, the latter in its case and, if ambiguous, by the words beside it.
    """

    folded: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    exact: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    in_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    as_written: dict[str, dict[str, Beside | None]] = field(default_factory=lambda: defaultdict(dict))
    categories: dict[str, str] = field(default_factory=dict)
    category_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Vocabulary":
        """Read the vocabulary of the database: two SELECTs."""
        vocabulary = cls()
        techniques = sa.select(Technique.slug, Technique.same_as, Category.slug).join(Technique.category)
        for slug, same_as, category_slug in db.session.execute(techniques):
            vocabulary.category_of[slug] = category_slug
            for name in (slug, *same_as):
                vocabulary.folded[fold(name)].add(slug)
        terms = sa.select(TechniqueTerm, Technique).join(TechniqueTerm.technique)
        for term, technique in db.session.execute(terms):
            vocabulary._learn(term, technique)
        for category in db.session.scalars(sa.select(Category)):
            for name in (category.slug, *category.labels.values(), *category.aliases):
                vocabulary.categories.setdefault(fold(name), category.slug)
        return vocabulary

    def _learn(self, term: TechniqueTerm, technique: Technique) -> None:
        if term.ambiguous:
            self._learn_ambiguous(term, technique)
            return
        self.folded[fold(term.text)].add(technique.slug)
        if term.kind in BOLD:
            self.in_names[fold(term.text)].add(technique.slug)
        else:
            self.as_written[term.text][technique.slug] = None

    def _learn_ambiguous(self, term: TechniqueTerm, technique: Technique) -> None:
        """A maker's model that is also a common word says nothing alone, an abbreviation in its case does."""
        others = technique.not_with.get(term.text, ())
        self.as_written[term.text][technique.slug] = Beside(
            clues=tuple(map(fold, technique.clues)), others=tuple(map(fold, others))
        )
        if term.kind != TermKind.MODEL:
            self.exact[term.text].add(technique.slug)

    def techniques_called(self, text: str) -> set[str]:
        """Slugs of the techniques that this whole text is a name of."""
        return self.folded.get(fold(text), set()) | self.exact.get(text.strip(), set())

    def techniques_within(self, text: str) -> set[str]:
        """Slugs of the techniques named by whole words within a text: a title, a model."""
        words = fold(text).split()
        written = [word.strip("()[],;:/") for word in text.split()]
        found = {
            slug
            for part in _parts(written, LONGEST_AMBIGUOUS)
            for slug, beside in self.as_written.get(part, {}).items()
            if beside is None or beside.allows(words)
        }
        return found.union(*(self.in_names.get(part, ()) for part in _parts(words, LONGEST_TERM)))

    def category_called(self, text: str) -> str | None:
        """The slug of the category that this whole text is a name or alias of."""
        return self.categories.get(fold(text))


def _parts(words: list[str], longest: int) -> Iterator[str]:
    """All runs of up to `longest` of the words."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield " ".join(words[start:end])
