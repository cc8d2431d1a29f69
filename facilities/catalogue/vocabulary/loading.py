"""Loading the vocabulary from the files beside this module into the database."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from facilities.catalogue.models import Category, Technique, TechniqueTerm, TermKind
from facilities.db import db

FILES = Path(__file__).parent


def load_vocabulary(folder: Path = FILES) -> tuple[int, int]:
    """Make the database say what the files say; gives the numbers of categories and techniques. The caller commits.

    Entries are recognised by slug, so links from listings stay; entries the files no longer have are left alone.
    """
    categories = _load_categories(_read(folder / "categories.yaml"))
    techniques = _load_techniques(_read(folder / "techniques.yaml"), categories)
    db.session.flush()
    return len(categories), len(techniques)


def ensure_vocabulary() -> None:
    """Load the vocabulary into a database that has none yet. The caller commits."""
    if db.session.scalar(sa.select(Technique.id).limit(1)) is None:
        load_vocabulary()


def _read(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return entries


def _load_categories(entries: list[dict[str, Any]]) -> dict[str, Category]:
    known = {category.slug: category for category in db.session.scalars(sa.select(Category))}
    for entry, parent_slug, position in _walk(entries):
        category = known.setdefault(entry["slug"], Category(slug=entry["slug"]))
        category.labels = entry["labels"]
        category.descriptions = entry.get("description", {})
        category.aliases = entry.get("aliases", [])
        category.position = position
        category.parent = known[parent_slug] if parent_slug else None
        db.session.add(category)
    return known


def _walk(entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str | None, int]]:
    """Each category with its parent's slug and its position, parents first."""
    for number, entry in enumerate(entries, 1):
        yield entry, None, number * 100
        for child_number, child in enumerate(entry.get("children", []), 1):
            yield child, entry["slug"], number * 100 + child_number


def _load_techniques(entries: list[dict[str, Any]], categories: dict[str, Category]) -> dict[str, Technique]:
    query = sa.select(Technique).options(sa.orm.selectinload(Technique.terms))
    known = {technique.slug: technique for technique in db.session.scalars(query)}
    for entry in entries:
        technique = known.setdefault(entry["id"], Technique(slug=entry["id"]))
        technique.labels = entry["labels"]
        technique.same_as = entry.get("same_as", [])
        technique.category = categories[entry["category"]]
        _set_terms(technique, dict.fromkeys(_terms_of(entry)))
        db.session.add(technique)
    for entry in entries:
        known[entry["id"]].broader = known[entry["broader"]] if entry.get("broader") else None
    return known


Term = tuple[str, TermKind, str, bool]


def _terms_of(entry: dict[str, Any]) -> Iterator[Term]:
    """(language, kind, text, ambiguous) of every text that names a technique."""
    ambiguous = set(entry.get("ambiguous", []))
    for language, label in entry["labels"].items():
        yield language, TermKind.LABEL, label, False
    for language, synonyms in entry.get("synonyms", {}).items():
        for synonym in synonyms:
            yield language, TermKind.SYNONYM, synonym, synonym in ambiguous
    for abbreviation in entry.get("abbreviations", []):
        yield "", TermKind.ABBREVIATION, abbreviation, abbreviation in ambiguous
    for model in entry.get("models", []):
        yield "", TermKind.MODEL, model, model in ambiguous


def _set_terms(technique: Technique, wanted: Iterable[Term]) -> None:
    present = {(term.language, term.kind, term.text, term.ambiguous): term for term in technique.terms}
    technique.terms = [
        present.get(said) or TechniqueTerm(language=said[0], kind=said[1], text=said[2], ambiguous=said[3])
        for said in wanted
    ]
