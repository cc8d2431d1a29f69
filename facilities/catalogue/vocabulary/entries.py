"""A technique as one block of the files says it: fields in their order, nothing empty (docs/vocabulary.md)."""

from collections.abc import Iterable, Iterator
from typing import Any

from facilities.catalogue.models import Category, Technique, TechniqueTerm, TermKind

Entry = dict[str, Any]
Term = tuple[str, TermKind, str, bool]
"""(language, kind, text, ambiguous)"""

LISTS = ("abbreviations", "models", "ambiguous", "same_as", "clues")
FIELDS = ("id", "category", "broader", "labels", "synonyms", *LISTS, "not_with")
LANGUAGES = ("en", "sv", "nb", "da", "de", "fi")


def entry_of(technique: Technique) -> Entry:
    """The technique as the files would say it, from its loaded category, broader technique and terms."""
    terms = sorted(technique.terms, key=lambda term: term.id or 0)
    said = {
        "id": technique.slug,
        "category": technique.category.slug,
        "broader": technique.broader.slug if technique.broader else None,
        "labels": _by_language(technique.labels),
        "synonyms": _synonyms(terms),
        "abbreviations": [term.text for term in terms if term.kind == TermKind.ABBREVIATION],
        "models": [term.text for term in terms if term.kind == TermKind.MODEL],
        "ambiguous": list(dict.fromkeys(term.text for term in terms if term.ambiguous)),
        "same_as": list(technique.same_as),
        "clues": list(technique.clues),
        "not_with": dict(technique.not_with),
    }
    return {field: said[field] for field in FIELDS if said[field]}


def write_entry(technique: Technique, entry: Entry, category: Category) -> None:
    """Have the technique say what the entry says, but for what is broader. Terms that stay keep their rows."""
    technique.category = category
    technique.labels = entry["labels"]
    technique.same_as = entry.get("same_as", [])
    technique.clues = entry.get("clues", [])
    technique.not_with = entry.get("not_with", {})
    _set_terms(technique, dict.fromkeys(terms_of(entry)))


def is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same, in whatever order."""
    return _unordered(one) == _unordered(other)


def in_order(entry: Entry) -> Entry:
    """The fields that say something, in their order."""
    return {field: entry[field] for field in FIELDS if entry.get(field)}


def _unordered(entry: Entry) -> Any:
    return {name: _sorted(value) for name, value in entry.items() if value}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(inner) for name, inner in value.items() if inner}
    return sorted(value) if isinstance(value, list) else value


def _by_language(labels: dict[str, str]) -> dict[str, str]:
    return {language: labels[language] for language in _ordered(labels) if labels[language]}


def _synonyms(terms: Iterable[TechniqueTerm]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for term in terms:
        if term.kind == TermKind.SYNONYM:
            found.setdefault(term.language, []).append(term.text)
    return {language: found[language] for language in _ordered(found)}


def _ordered(languages: Iterable[str]) -> list[str]:
    order = {language: number for number, language in enumerate(LANGUAGES)}
    return sorted(languages, key=lambda language: (order.get(language, 99), language))


def terms_of(entry: Entry) -> Iterator[Term]:
    """Every text that names a technique."""
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
    present = {(term.language, term.kind, term.text): term for term in technique.terms}
    technique.terms = [_term(present.get(said[:3]), said) for said in wanted]


def _term(present: TechniqueTerm | None, said: Term) -> TechniqueTerm:
    language, kind, text, ambiguous = said
    term = present or TechniqueTerm(language=language, kind=kind, text=text)
    term.ambiguous = ambiguous
    return term
