"""Loading the vocabulary from the files beside this module into the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Category, Technique, TechniqueTerm, VocabularyChange
from facilities.catalogue.vocabulary.entries import Entry, entry_of, in_order, is_same, terms_of, write_entry
from facilities.catalogue.vocabulary.history import live_edits, note_loaded, with_live_edits
from facilities.db import db

FILES = Path(__file__).parent
EMPTY: dict[str, Any] = {"labels": {}, "same_as": [], "clues": [], "not_with": {}}
"""What a technique holds besides its terms, where the files say nothing."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading the files: how much there is now, the edits of the desk that the files do not have and that
    were kept, and the slugs of the techniques that are new or say something else."""

    categories: int
    techniques: int
    kept: list[VocabularyChange]
    changed: list[str]


def load_vocabulary(folder: Path = FILES) -> Loaded:
    """Make the database say what the files say, and what the desk said since. The caller commits.

    Entries are recognised by slug, so links from listings stay; entries the files no longer have are left alone.
    """
    categories = _load_categories(_read(folder / "categories.yaml"))
    loaded = _load_techniques(read_techniques(folder), categories)
    db.session.flush()
    return loaded


def ensure_vocabulary() -> None:
    """Load the vocabulary into a database that has none yet. The caller commits."""
    if db.session.scalar(sa.select(Technique.id).limit(1)) is None:
        load_vocabulary()


def read_techniques(folder: Path = FILES) -> list[dict[str, Any]]:
    """The techniques of all files in the folder `techniques`, as they stand there."""
    return [entry for path in sorted((folder / "techniques").glob("*.yaml")) for entry in _read(path)]


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


def _load_techniques(entries: list[Entry], categories: dict[str, Category]) -> "Loaded":
    db.session.flush()
    known = _known_techniques()
    before = {slug: entry_of(technique) for slug, technique in known.items()}
    edited, kept, wanted = live_edits(), [], []
    for entry in entries:
        said, by_desk = with_live_edits(in_order(entry), edited.get(entry["id"], []))
        wanted.append(said)
        kept += by_desk
    _leave_circles(wanted, {entry["id"]: entry.get("broader") for entry in entries})
    _insert([entry for entry in wanted if entry["id"] not in known], categories)
    for entry in wanted:
        if entry["id"] in known:
            write_entry(known[entry["id"]], entry, categories[entry["category"]])
    _set_broader(wanted, known)
    changed = [entry for entry in wanted if not is_same(before.get(entry["id"], {}), entry)]
    for entry in changed:
        if entry["id"] in before:
            note_loaded(known[entry["id"]], before[entry["id"]], entry)
    count = len(known.keys() | {entry["id"] for entry in wanted})
    return Loaded(len(categories), count, kept, [entry["id"] for entry in changed])


def _insert(entries: list[Entry], categories: dict[str, Category]) -> None:
    """Add techniques with their terms, but for what is broader: all at once, as there are twenty thousand terms."""
    if not entries:
        return
    rows = [
        {"slug": entry["id"], "category_id": categories[entry["category"]].id}
        | {field: entry.get(field, empty) for field, empty in EMPTY.items()}
        for entry in entries
    ]
    db.session.execute(sa.insert(Technique), rows)
    ids = _ids()
    terms = [
        {"technique_id": ids[entry["id"]], "language": language, "kind": kind, "text": text, "ambiguous": ambiguous}
        for entry in entries
        for language, kind, text, ambiguous in dict.fromkeys(terms_of(entry))
    ]
    db.session.execute(sa.insert(TechniqueTerm), terms)


def _ids() -> dict[str, int]:
    return dict(db.session.execute(sa.select(Technique.slug, Technique.id)).all())


def _leave_circles(wanted: list[Entry], in_files: dict[str, str | None]) -> None:
    """Where the desk put a technique below one that the files now put below it, what is broader is as the files say."""
    broader = {entry["id"]: entry.get("broader") for entry in wanted}
    for entry in wanted:
        if entry["id"] in _above(entry["id"], broader):
            broader[entry["id"]] = entry["broader"] = in_files[entry["id"]]


def _above(slug: str, broader: dict[str, str | None]) -> set[str]:
    """All that is broader than a technique, by slug; with itself if it is in a circle."""
    seen: set[str] = set()
    above = broader.get(slug)
    while above and above not in seen:
        seen.add(above)
        above = broader.get(above)
    return seen


def _set_broader(wanted: list[Entry], known: dict[str, Technique]) -> None:
    """By id: links that are turned round in one flush have no order in which objects could be written."""
    db.session.flush()
    ids = _ids()
    said = {ids[entry["id"]]: ids.get(entry.get("broader") or "") for entry in wanted}
    is_so = dict(db.session.execute(sa.select(Technique.id, Technique.broader_id)).all())
    rows = [{"id": id_, "broader_id": broader} for id_, broader in said.items() if is_so[id_] != broader]
    if rows:
        db.session.execute(sa.update(Technique), rows)
        for technique in known.values():
            db.session.expire(technique, ["broader_id", "broader"])


def _known_techniques() -> dict[str, Technique]:
    parts = (selectinload(Technique.terms), joinedload(Technique.category), joinedload(Technique.broader))
    return {technique.slug: technique for technique in db.session.scalars(sa.select(Technique).options(*parts))}
