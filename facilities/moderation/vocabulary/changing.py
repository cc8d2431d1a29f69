"""Changing techniques: every change is kept with what was said before, and the index follows."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Category, Technique, VocabularyAct, VocabularyChange
from facilities.catalogue.models.parts import Actor
from facilities.catalogue.queries.techniques import listings_with
from facilities.catalogue.vocabulary.edits import edits, with_edits
from facilities.catalogue.vocabulary.entries import Entry, entry_of, in_order, is_same, write_entry
from facilities.db import db, now
from facilities.search.index import follow, mark
from facilities.search.understanding import forget

MOST_AT_ONCE = 300
"""Listings that are indexed anew before the desk sees the next page; more are left to the worker."""

MODEL = "model"
"""In the place of a language: a model family that always means its technique."""


class AlreadyUndone(ValueError):
    """The change is undone, or is not one that can be."""


class StillUsed(ValueError):
    """The technique that should go is that of listings, is broader than others, or is in the files."""


def technique_called(slug: str, *, to_change: bool = False) -> Technique | None:
    """The technique with all that an entry says. Who means `to_change` it waits for whoever is doing so."""
    parts = (selectinload(Technique.terms), joinedload(Technique.category), joinedload(Technique.broader))
    query = sa.select(Technique).where(Technique.slug == slug).options(*parts)
    return db.session.scalar(query.with_for_update(of=Technique) if to_change else query)


def chain(slug: str) -> list[str]:
    """A technique and all that is broader, by slug."""
    found: list[str] = []
    above = technique_called(slug)
    while above is not None and above.slug not in found:
        found.append(above.slug)
        above = above.broader
    return found


def add_technique(entry: Entry, *, by: Actor) -> Technique:
    """Add the technique that an entry with a new slug says."""
    technique = Technique(slug=entry["id"])
    _write(technique, entry)
    db.session.add(technique)
    _keep(technique, VocabularyAct.ADDED, {}, entry, by)
    _save(technique)
    return technique


def change_technique(technique: Technique, after: Entry, *, by: Actor) -> VocabularyChange | None:
    """Have a technique say what the entry says; None if it does already."""
    change = _change(technique, after, VocabularyAct.EDITED, by)
    _save(technique)
    return change


def add_synonym(technique: Technique, text: str, language: str, *, by: Actor) -> VocabularyChange | None:
    """Add a text that names a technique in a language, as a model family (MODEL) or, without either, as an
    abbreviation. None if it is there."""
    entry = entry_of(technique)
    field, key = {"": ("abbreviations", ""), MODEL: ("models", "")}.get(language, ("synonyms", language))
    added = with_edits(entry, edits({}, {field: {key: [text]} if key else [text]}))
    return change_technique(technique, added, by=by)


def undo_change(change: VocabularyChange, *, by: Actor) -> None:
    """Take back what a change did; what was changed since stays. Where the files have it by now, that is an edit of its
    own, which wins over them. A technique that was added goes. Raises AlreadyUndone, StillUsed."""
    technique = technique_called(change.slug, to_change=True)
    if technique is None or change.undone_at or change.act not in (VocabularyAct.ADDED, VocabularyAct.EDITED):
        raise AlreadyUndone(change.id)
    if change.act == VocabularyAct.ADDED:
        _remove(technique, change, by)
        return
    change.undone_by, change.undone_at = by.name, now()
    act = VocabularyAct.EDITED if change.in_files_at else VocabularyAct.UNDONE
    before = with_edits(entry_of(technique), edits(change.after, change.before), only_if_still=True)
    if technique.slug in chain(before.get("broader", "")):
        before["broader"] = technique.broader.slug if technique.broader else ""
    _change(technique, in_order(before), act, by)
    _save(technique)


def newest_change(technique: Technique) -> int:
    """The id of the last change of a technique, by which a form knows whether it is still current; 0 if none."""
    newest = sa.select(sa.func.max(VocabularyChange.id)).where(VocabularyChange.technique_id == technique.id)
    return db.session.scalar(newest) or 0


def _change(technique: Technique, after: Entry, act: VocabularyAct, by: Actor) -> VocabularyChange | None:
    before = entry_of(technique)
    if is_same(before, after):
        return None
    _write(technique, after)
    return _keep(technique, act, before, after, by)


def _write(technique: Technique, entry: Entry) -> None:
    write_entry(technique, entry, _category(entry["category"]))
    technique.broader = technique_called(entry["broader"]) if entry.get("broader") else None


def _keep(technique: Technique | None, act: VocabularyAct, before: Entry, after: Entry, by: Actor) -> VocabularyChange:
    slug = (after or before)["id"]
    change = VocabularyChange(technique=technique, slug=slug, act=act, before=before, after=after, **_who(by))
    db.session.add(change)
    return change


def _remove(technique: Technique, added: VocabularyChange, by: Actor) -> None:
    """Take a technique away that nothing has; its history stays."""
    if added.in_files_at or technique.narrower or listings_with([technique.slug]):
        raise StillUsed(technique.slug)
    added.undone_by, added.undone_at = by.name, now()
    _keep(None, VocabularyAct.UNDONE, entry_of(technique), {}, by)
    db.session.delete(technique)
    db.session.commit()
    forget()


def _save(technique: Technique) -> None:
    """Commit, and bring the index up to date for the listings that have the technique."""
    concerned = listings_with([technique.slug])
    mark(concerned)
    db.session.commit()
    forget()
    if len(concerned) <= MOST_AT_ONCE:
        follow()


def _category(slug: str) -> Category:
    return db.session.scalars(sa.select(Category).where(Category.slug == slug)).one()


def _who(by: Actor) -> dict[str, Any]:
    return {"made_by": by.name, "made_by_id": by.user_id}
