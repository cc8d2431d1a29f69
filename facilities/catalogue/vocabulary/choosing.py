"""Techniques by what someone types: any label, synonym, abbreviation or model in any language."""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from rapidfuzz import fuzz
from rapidfuzz.process import extract

from facilities.catalogue.models import Category, Technique, TechniqueTerm, TermKind
from facilities.catalogue.models.vocabulary import label_in
from facilities.catalogue.names import fold
from facilities.db import db

MOST_FOUND = 12
LIKE_ENOUGH = 75
"""Percent of the letters that a misspelling shares with a term."""

KINDS = (TermKind.LABEL, TermKind.SYNONYM, TermKind.ABBREVIATION, TermKind.MODEL)
WORST = (9, 0, 0, "")
Term = tuple[int, int, str, str]
"""The technique's id, the term's place among KINDS, the folded term, the term."""

_REMEMBERED: WeakKeyDictionary[sa.Engine, tuple[tuple[Any, ...], list[Term]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A technique that something typed may mean; `found` is the term that was recognised, if it is not the label."""

    slug: str
    label: str
    found: str
    category: str


def find_techniques(typed: str, *, limit: int = MOST_FOUND) -> list[Suggestion]:
    """Techniques with a term like what was typed, the best first: the whole term, its beginning, a word's beginning,
    anything within; of equally good ones labels first and models last. Two SELECTs, one more when the vocabulary has
    changed."""
    wanted = fold(typed)
    if not wanted:
        return []
    best: dict[int, tuple[int, int, int, str]] = {}
    for technique_id, kind, folded, text in _terms():
        rank = _rank(folded, wanted)
        if rank is not None and (rank, kind, len(text), text) < best.get(technique_id, WORST):
            best[technique_id] = (rank, kind, len(text), text)
    chosen = sorted(best, key=best.__getitem__)[:limit]
    return [_suggestion(*row, best[row[0]][3]) for row in _described(chosen)]


def techniques_resembling(typed: str, *, limit: int) -> list[Suggestion]:
    """Techniques with a term that is nearly spelt like what was typed, the likest first. Two SELECTs."""
    terms = _terms()
    like = extract(
        fold(typed),
        [folded for _id, _kind, folded, _text in terms],
        scorer=fuzz.ratio,
        score_cutoff=LIKE_ENOUGH,
        limit=3 * limit,
    )
    nearest: dict[int, str] = {}
    for _term, _score, number in like:
        technique_id, _kind, _folded, text = terms[number]
        nearest.setdefault(technique_id, text)
    return [_suggestion(*row, nearest[row[0]]) for row in _described(list(nearest)[:limit])]


def techniques_called(typed: str) -> list[Suggestion]:
    """Techniques of which what was typed is a whole term; several if it is ambiguous."""
    return [each for each in find_techniques(typed, limit=50) if fold(each.found or each.label) == fold(typed)]


def _terms() -> list[Term]:
    """All terms, folded: remembered by this process until their number, lengths or newest id are others."""
    term = TechniqueTerm
    now = db.session.execute(sa.select(sa.func.count(), sa.func.max(term.id), sa.func.sum(sa.func.length(term.text))))
    mark = tuple(now.one())
    known = _REMEMBERED.get(db.engine)
    if known is None or known[0] != mark:
        rows = db.session.execute(sa.select(term.technique_id, term.kind, term.text))
        known = (mark, [(technique_id, KINDS.index(kind), fold(text), text) for technique_id, kind, text in rows])
        _REMEMBERED[db.engine] = known
    return known[1]


def _rank(term: str, wanted: str) -> int | None:
    if term == wanted:
        return 0
    if term.startswith(wanted):
        return 1
    if f" {wanted}" in term:
        return 2
    return 3 if len(wanted) > 2 and wanted in term else None


def _described(ids: list[int]) -> list[tuple[int, str, dict[str, str], dict[str, str]]]:
    """(id, slug, labels, labels of the category) in the order of the ids."""
    query = sa.select(Technique.id, Technique.slug, Technique.labels, Category.labels).join(Technique.category)
    rows = db.session.execute(query.where(Technique.id.in_(ids))).all()
    return sorted(map(tuple, rows), key=lambda row: ids.index(row[0]))


def _suggestion(_id: int, slug: str, labels: dict[str, str], category: dict[str, str], found: str) -> Suggestion:
    label = label_in(labels)
    return Suggestion(slug, label, "" if fold(found) == fold(label) else found, label_in(category))
