"""The vocabulary as the desk's pages show it: techniques found by any of their names, and their changes in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from facilities.catalogue.models import Category, Technique, VocabularyAct, VocabularyChange
from facilities.catalogue.models.listing import listing_techniques
from facilities.catalogue.models.vocabulary import label_in
from facilities.catalogue.vocabulary.choosing import find_techniques
from facilities.catalogue.vocabulary.edits import Edit, edits
from facilities.db import db
from facilities.search.queries import category_labels, technique_labels

BY_DESK = (VocabularyAct.ADDED, VocabularyAct.EDITED)
PAGE = 50
MOST_FOUND = 200

LANGUAGES = {
    "en": _l("English"),
    "sv": _l("Swedish"),
    "nb": _l("Norwegian"),
    "da": _l("Danish"),
    "de": _l("German"),
    "fi": _l("Finnish"),
}
FIELDS = {
    "category": _l("Category"),
    "broader": _l("Broader technique"),
    "labels": _l("Label"),
    "synonyms": _l("Synonym"),
    "abbreviations": _l("Abbreviation"),
    "models": _l("Model family"),
    "ambiguous": _l("Only as written"),
    "same_as": _l("Identifier elsewhere"),
    "clues": _l("Word that speaks for it"),
    "not_with": _l("Words that speak against it"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A technique in the list: `found` is the name that was recognised, `listings` how many have it."""

    slug: str
    label: str
    category: str
    found: str
    listings: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the technique that is called `name` in words: one line for each text added or removed and each value
    set."""

    change: VocabularyChange
    name: str
    lines: list["Line"]

    @property
    def can_be_undone(self) -> bool:
        return self.change.act in BY_DESK and not self.change.undone_at


@dataclass(frozen=True, slots=True)
class Line:
    """What happened to a field: `before` and `after` are empty where there was or is nothing."""

    field: str
    before: str
    after: str


def techniques_listed(text: str, category: str, changed: bool, page: int) -> tuple[list[Row], int]:
    """A page of the techniques that have a name like the text, that belong to a top category, that the desk changed."""
    query = sa.select(Technique).options(joinedload(Technique.category)).order_by(Technique.slug)
    found = {each.slug: each.found for each in find_techniques(text, limit=MOST_FOUND)} if text else {}
    if text:
        query = query.where(Technique.slug.in_(found))
    if category:
        query = query.join(Category, Technique.category_id == Category.id).where(_in_category(category))
    if changed:
        query = query.where(Technique.id.in_(_edited()))
    rows = list(db.session.scalars(query))
    order = {slug: number for number, slug in enumerate(found)}
    rows.sort(key=lambda each: (order.get(each.slug, 0), each.label.casefold()))
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return _rows(shown, found), len(rows)


def changes(technique: Technique | None, page: int) -> tuple[list[Told], int]:
    """A page of the changes of a technique or of all, the newest first, and how many there are."""
    which = VocabularyChange.technique_id == technique.id if technique else sa.true()
    query = sa.select(VocabularyChange).where(which).order_by(VocabularyChange.id.desc())
    rows = db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE))
    total = db.session.scalar(sa.select(sa.func.count(VocabularyChange.id)).where(which)) or 0
    return told(list(rows)), total


def told(rows: Sequence[VocabularyChange]) -> list[Told]:
    """Changes in words, with techniques and categories by their labels. At most two SELECTs."""
    made = [(change, edits(change.before, change.after)) for change in rows]
    broader = {slug for _change, found in made for edit in found for slug in _slugs(edit, "broader")}
    top = {slug for _change, found in made for edit in found for slug in _slugs(edit, "category")}
    names = technique_labels(broader | {change.slug for change in rows})
    labels = {"broader": names, "category": category_labels(top) if top else {}}
    return [
        Told(
            change,
            names.get(change.slug) or _label(change),
            [_line(edit, labels.get(edit.field, {})) for edit in found],
        )
        for change, found in made
    ]


def _slugs(edit: Edit, field: str) -> set[str]:
    return {str(slug) for slug in (edit.was, edit.value) if slug} if edit.field == field else set()


def _label(change: VocabularyChange) -> str:
    """What a technique that is gone was called."""
    return label_in((change.after or change.before).get("labels", {})) or change.slug


def top_categories() -> list[Category]:
    """The subjects, in their order."""
    query = sa.select(Category).where(Category.parent_id.is_(None)).order_by(Category.position)
    return list(db.session.scalars(query))


def all_categories() -> list[Category]:
    """Every category with its parent, in the order of the tree."""
    return list(
        db.session.scalars(sa.select(Category).options(joinedload(Category.parent)).order_by(Category.position))
    )


def _line(edit: Edit, labels: Mapping[str, str]) -> Line:
    field = str(FIELDS[edit.field])
    if edit.language:
        field = _("%(field)s, %(language)s", field=field, language=LANGUAGES.get(edit.language, edit.language))
    if edit.is_of_list:
        return Line(field, edit.removed, edit.added)
    return Line(field, *(labels.get(said, said) for said in (_words(edit.was), _words(edit.value))))


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{term}: {', '.join(words)}" for term, words in value.items())
    return str(value or "")


def _in_category(slug: str) -> sa.ColumnElement[bool]:
    top = sa.select(Category.id).where(Category.slug == slug).scalar_subquery()
    return sa.or_(Category.id == top, Category.parent_id == top)


def _edited() -> sa.Select[Any]:
    change = VocabularyChange
    return sa.select(change.technique_id).where(change.act.in_(BY_DESK), change.undone_at.is_(None))


def _rows(shown: Sequence[Technique], found: dict[str, str]) -> list[Row]:
    ids = [technique.id for technique in shown]
    link = listing_techniques.c
    counted = (
        sa.select(link.technique_id, sa.func.count()).where(link.technique_id.in_(ids)).group_by(link.technique_id)
    )
    counts = {row[0]: row[1] for row in db.session.execute(counted)}
    edited = set(db.session.scalars(_edited().where(VocabularyChange.technique_id.in_(ids))))
    return [
        Row(
            each.slug, each.label, each.category.label, found.get(each.slug, ""), counts.get(each.id, 0),
            each.id in edited,
        )
        for each in shown
    ]  # fmt: skip
