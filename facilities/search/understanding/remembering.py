"""What search knows of the vocabulary and of organisations, read from the database and kept by each process.

Once a second at most a search asks whether they have changed. What takes long to make anew, the vocabulary above all,
is made by a thread while searches go on with the old; only who has just changed something waits for the new.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock, Thread
from time import monotonic
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from facilities.catalogue.models import LISTINGS, Category, Kind, Status, Technique, TechniqueTerm, VocabularyChange
from facilities.db import db
from facilities.search.understanding.beginnings import Names
from facilities.search.understanding.concepts import Concept, Term, linked
from facilities.search.understanding.organisations import MOST_CHANGED, Organisations, packed
from facilities.search.understanding.techniques import Techniques

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds in which a change made by another process may go unseen."""

LONGEST_CHANGE = timedelta(minutes=30)
"""How long a change may take from its time stamp until it is committed, and others see it."""

Thing = TypeVar("Thing")
Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What can be named in a query, apart from places and needs, which do not change. `names` are the techniques by the
    beginnings of their names, `categories` the labels of each category by slug."""

    techniques: Techniques
    names: Names
    categories: Mapping[str, dict[str, str]]
    organisations: Organisations


@dataclass(slots=True)
class _Kept(Generic[Thing]):
    """A thing with the mark under which it was read."""

    mark: Mark
    thing: Thing
    _making: Thread | None = None

    @property
    def is_in_making(self) -> bool:
        """Whether a thread makes the next one."""
        return self._making is not None and self._making.is_alive()

    def renew(self, mark: Mark, make: Callable[[], Thing]) -> None:
        """Take the place of the thing when the next one is made, by a thread that does not use the database."""
        self._making = Thread(target=self._renew, args=(mark, make), daemon=True, name="read vocabulary")
        self._making.start()

    def wait(self) -> None:
        """Wait until nothing is in the making."""
        if self._making is not None:
            self._making.join()

    def _renew(self, mark: Mark, make: Callable[[], Thing]) -> None:
        """Whatever keeps it from being read ends this thread only: the next question begins another."""
        try:
            thing = make()
        except Exception:
            log.exception("vocabulary or organisations could not be read; the old ones stay in use")
        else:
            self.thing, self.mark = thing, mark


Vocabulary = tuple[Techniques, Names, Mapping[str, dict[str, str]]]


@dataclass(slots=True)
class _Memory:
    """What one database said. `hurries`: the next question has to know of a change that was just made here; `doubts`:
    the marks are not to be believed."""

    lock: RLock = field(default_factory=RLock)
    checked_at: float = 0.0
    hurries: bool = False
    doubts: bool = False
    vocabulary: _Kept[Vocabulary] | None = None
    organisations: _Kept[Organisations] | None = None

    def lexicon(self) -> Lexicon | None:
        """None before everything was read once."""
        if self.vocabulary is None or self.organisations is None:
            return None
        return Lexicon(*self.vocabulary.thing, self.organisations.thing)


_MEMORIES: WeakKeyDictionary[sa.Engine, _Memory] = WeakKeyDictionary()


def lexicon() -> Lexicon:
    """The lexicon of the current application. One SELECT a second at most, and more when something changed."""
    memory = _MEMORIES.setdefault(db.engine, _Memory())
    known = memory.lexicon()
    if known is not None and not memory.hurries and monotonic() - memory.checked_at < CHECK_EVERY:
        return known
    if not memory.lock.acquire(blocking=known is None or memory.hurries):
        assert known is not None
        return known
    try:
        return _look_again(memory)
    finally:
        memory.lock.release()


def technique_labels() -> tuple[str, ...]:
    """The names of all techniques in all languages, the same object while they are the same."""
    return lexicon().techniques.labels


def look_again() -> None:
    """Ask at the next question whether something has changed: a listing has just been saved."""
    if memory := _MEMORIES.get(db.engine):
        memory.hurries = True


def forget() -> None:
    """Read everything again at the next question: the vocabulary has just been changed."""
    if memory := _MEMORIES.get(db.engine):
        memory.hurries = memory.doubts = True


def _look_again(memory: _Memory) -> Lexicon:
    hurries, doubts = memory.hurries, memory.doubts
    memory.hurries = memory.doubts = False
    marks = _marks()
    if doubts or not _is_settled(memory.vocabulary, marks[:-2], hurries):
        memory.vocabulary = _vocabulary(memory.vocabulary, marks[:-2], hurries)
    if doubts or not _is_settled(memory.organisations, marks[-2:], hurries):
        memory.organisations = _organisations(memory.organisations, marks[-2:], hurries, doubts)
    memory.checked_at = monotonic()
    known = memory.lexicon()
    assert known is not None
    return known


def _vocabulary(kept: _Kept[Vocabulary] | None, mark: Mark, hurries: bool) -> _Kept[Vocabulary]:
    make = _read_vocabulary(mark)
    if kept is None or hurries:
        return _Kept(mark, make())
    kept.renew(mark, make)
    return kept


def _organisations(kept: _Kept[Organisations] | None, mark: Mark, hurries: bool, doubts: bool) -> _Kept[Organisations]:
    if kept is None:
        return _Kept(mark, Organisations(_said_by_all()))
    known, changes = kept.thing, _changes(kept, mark[0], doubts)
    if hurries or len(changes) <= MOST_CHANGED:
        return _Kept(mark, known.having(changes))
    kept.renew(mark, lambda: known.having(changes))
    return kept


def _is_settled(kept: _Kept[Any] | None, mark: Mark, hurries: bool) -> bool:
    """Whether there is nothing to be done about a thing, for now."""
    if kept is None:
        return False
    if hurries:
        kept.wait()
    return kept.is_in_making or kept.mark == mark


def _marks() -> Mark:
    """Numbers that change when the vocabulary does (all but the last two) or an organisation does. Each is read from an
    index, or from a table of a few rows."""
    newest = [sa.func.max(model.id) for model in (VocabularyChange, Technique, TechniqueTerm)]
    terms = sa.select(sa.func.count()).select_from(TechniqueTerm)
    categories = sa.select(sa.func.sum(sa.func.length(sa.cast(Category.labels, sa.Text))))
    listing = LISTINGS.c
    published = sa.select(sa.func.count()).where(listing.status == Status.PUBLISHED, listing.kind == Kind.ORGANISATION)
    numbers = [*(sa.select(each) for each in newest), terms, categories, published]
    changed_at = sa.select(sa.func.max(listing.updated_at))
    columns = [each.scalar_subquery() for each in (*numbers, changed_at)]
    return tuple(db.session.execute(sa.select(*columns)).one())


def _read_vocabulary(mark: Mark) -> Callable[[], Vocabulary]:
    """What makes the techniques and the labels of the categories of rows that are read at once: three SELECTs."""
    version = ".".join(map(str, mark))
    above = aliased(Technique)
    columns = (Technique.id, Technique.slug, Technique.labels, Technique.clues, Technique.not_with)
    query = sa.select(*columns, Category.slug, above.slug).join(Technique.category)
    rows = db.session.execute(query.outerjoin(above, Technique.broader_id == above.id)).all()
    term = TechniqueTerm
    said = sa.select(term.technique_id, term.text, term.kind, term.language, term.ambiguous).order_by(term.id)
    terms = db.session.execute(said).all()
    labels = db.session.execute(sa.select(Category.slug, Category.labels)).all()
    categories: dict[str, dict[str, str]] = {row.slug: row.labels for row in labels}

    def make() -> Vocabulary:
        concepts = {
            id_: Concept(slug, labels, category, version, tuple(clues or ()), not_with or {})
            for id_, slug, labels, clues, not_with, category, _broader in rows
        }
        for technique_id, text, kind, language, ambiguous in terms:
            concepts[technique_id].terms.append(Term(text, kind, language, ambiguous))
        every = linked(concepts.values(), {row[1]: row[6] for row in rows if row[6]})
        return Techniques(every), Names(every), categories

    return make


def _changes(kept: _Kept[Organisations], published: int, doubts: bool) -> dict[int, str]:
    """What organisations say that has changed since; nothing for those that are not published. One SELECT, two if an
    organisation is gone or came late."""
    since: datetime | None = kept.mark[1]
    recent = _said(LISTINGS.c.updated_at >= since - LONGEST_CHANGE) if since else {}
    known = kept.thing.said
    number = len(known) + sum(bool(text) - (id_ in known) for id_, text in recent.items())
    said = recent if number == published and not doubts else dict.fromkeys(known, "") | _said_by_all()
    return {id_: text for id_, text in said.items() if known.get(id_, "") != text}


def _said_by_all() -> dict[int, str]:
    """What all published organisations say of themselves: one SELECT."""
    return _said(LISTINGS.c.status == Status.PUBLISHED)


def _said(condition: sa.ColumnElement[bool]) -> dict[int, str]:
    listing = LISTINGS.c
    columns = (listing.id, listing.status, listing.name, listing.abbreviation, listing.other_names)
    query = sa.select(*columns).where(listing.kind == Kind.ORGANISATION, condition).order_by(listing.id)
    return {
        id_: packed(name, short, others or ()) if status == Status.PUBLISHED else ""
        for id_, status, name, short, others in db.session.execute(query)
    }
