"""Finding the techniques and categories that a record names."""

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa

from facilities.catalogue.models import Category, Technique, TechniqueTerm, TermKind
from facilities.catalogue.names import fold
from facilities.db import db

LONGEST_TERM = 7
BOLD = (TermKind.LABEL, TermKind.SYNONYM, TermKind.MODEL)


@dataclass
class Vocabulary:
    """Finds techniques and categories in records. Folded texts lead to slugs; ambiguous ones need their exact case."""

    folded: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    exact: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    in_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
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
        terms = sa.select(TechniqueTerm, Technique.slug).join(TechniqueTerm.technique)
        for term, slug in db.session.execute(terms):
            vocabulary._learn(term, slug)
        for category in db.session.scalars(sa.select(Category)):
            for name in (category.slug, *category.labels.values(), *category.aliases):
                vocabulary.categories.setdefault(fold(name), category.slug)
        return vocabulary

    def _learn(self, term: TechniqueTerm, slug: str) -> None:
        if term.ambiguous:
            self.exact[term.text].add(slug)
            return
        self.folded[fold(term.text)].add(slug)
        if term.kind in BOLD:
            self.in_names[fold(term.text)].add(slug)
        else:
            self.exact[term.text].add(slug)

    def techniques_called(self, text: str) -> set[str]:
        """Slugs of the techniques that this whole text is a name of."""
        return self.folded.get(fold(text), set()) | self.exact.get(text.strip(), set())

    def techniques_within(self, text: str) -> set[str]:
        """Slugs of the techniques named by whole words within a text: a title, a model."""
        found = set().union(*(self.exact.get(word.strip("()[],;:/"), set()) for word in text.split()))
        words = fold(text).split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST_TERM, len(words)) + 1):
                found |= self.in_names.get(" ".join(words[start:end]), set())
        return found

    def category_called(self, text: str) -> str | None:
        """The slug of the category that this whole text is a name or alias of."""
        return self.categories.get(fold(text))
