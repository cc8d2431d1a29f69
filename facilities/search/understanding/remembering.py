"""What search knows of the vocabulary and of organisations, read from the database and kept by each process."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from facilities.catalogue.models import LISTINGS, Category, Kind, Status, Technique, TechniqueTerm, VocabularyChange
from facilities.db import db
from facilities.search.understanding.concepts import Concept, Term, linked
from facilities.search.understanding.organisations import Organisations, named
from facilities.search.understanding.techniques import Techniques

CHECK_EVERY = 1.0
"""Seconds in which a change made by another process may go unseen."""

Thing = TypeVar("Thing")
Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What can be named in a query, apart from places and needs, which do not change."""

    techniques: Techniques
    organisations: Organisations


@dataclass(slots=True)
class _Kept(Generic[Thing]):
    mark: Mark
    thing: Thing


@dataclass(slots=True)
class _Memory:
    """What one database said: when its marks were last compared, and what was read under them."""

    checked_at: float = 0.0
    techniques: _Kept[Techniques] | None = None
    organisations: _Kept[Organisations] | None = None


_MEMORIES: WeakKeyDictionary[sa.Engine, _Memory] = WeakKeyDictionary()


def lexicon() -> Lexicon:
    """The lexicon of the current application. One SELECT a second at most, and more when something changed."""
    memory = _MEMORIES.setdefault(db.engine, _Memory())
    techniques, organisations = memory.techniques, memory.organisations
    if techniques is None or organisations is None or monotonic() - memory.checked_at > CHECK_EVERY:
        marks = _marks()
        memory.techniques = techniques = _renewed(techniques, marks[:6], _read_techniques)
        memory.organisations = organisations = _renewed(organisations, marks[6:], _read_organisations)
        memory.checked_at = monotonic()
    return Lexicon(techniques.thing, organisations.thing)


def technique_labels() -> tuple[str, ...]:
    """The names of all techniques in all languages, the same object while they are the same."""
    return lexicon().techniques.labels


def forget() -> None:
    """Look again at the next question: the vocabulary or an organisation's name has just been changed."""
    if memory := _MEMORIES.get(db.engine):
        memory.checked_at = 0.0


def _renewed(kept: _Kept[Thing] | None, mark: Mark, read: Callable[[str], Thing]) -> _Kept[Thing]:
    if kept is not None and kept.mark == mark:
        return kept
    return _Kept(mark, read(".".join(map(str, mark))))


def _marks() -> Mark:
    """Numbers that change when a term, a technique (the first six) or an organisation (the rest) does."""
    term, technique = TechniqueTerm, Technique
    listing = LISTINGS.c
    edited = sa.select(sa.func.max(VocabularyChange.id)).scalar_subquery().label("edited")
    terms = sa.select(sa.func.count(), sa.func.max(term.id), sa.func.sum(sa.func.length(term.text)), edited).subquery()
    told = sa.cast(technique.labels, sa.Text) + sa.cast(technique.clues, sa.Text) + sa.cast(technique.not_with, sa.Text)
    techniques = sa.select(sa.func.sum(technique.broader_id), sa.func.sum(sa.func.length(told))).subquery()
    organisations = (
        sa.select(sa.func.count(), sa.func.max(listing.updated_at))
        .where(listing.status == Status.PUBLISHED, listing.kind == Kind.ORGANISATION)
        .subquery()
    )
    everything = terms.join(techniques, sa.true()).join(organisations, sa.true())
    return tuple(db.session.execute(sa.select(*terms.c, *techniques.c, *organisations.c).select_from(everything)).one())


def _read_techniques(version: str) -> Techniques:
    """All techniques with all their terms: two SELECTs."""
    above = aliased(Technique)
    columns = (Technique.id, Technique.slug, Technique.labels, Technique.clues, Technique.not_with)
    query = sa.select(*columns, Category.slug, above.slug).join(Technique.category)
    rows = db.session.execute(query.outerjoin(above, Technique.broader_id == above.id)).all()
    concepts = {
        id_: Concept(slug, labels, category, version, tuple(clues or ()), not_with or {})
        for id_, slug, labels, clues, not_with, category, _broader in rows
    }
    term = TechniqueTerm
    said = sa.select(term.technique_id, term.text, term.kind, term.language, term.ambiguous).order_by(term.id)
    for technique_id, text, kind, language, ambiguous in db.session.execute(said):
        concepts[technique_id].terms.append(Term(text, kind, language, ambiguous))
    return Techniques(linked(concepts.values(), {row[1]: row[6] for row in rows if row[6]}))


def _read_organisations(version: str) -> Organisations:
    """All published organisations: one SELECT."""
    listing = LISTINGS.c
    query = sa.select(listing.id, listing.name, listing.abbreviation, listing.other_names).order_by(listing.id)
    rows = db.session.execute(query.where(listing.status == Status.PUBLISHED, listing.kind == Kind.ORGANISATION))
    return Organisations((named(id_, name, short, others or ()) for id_, name, short, others in rows), version)
