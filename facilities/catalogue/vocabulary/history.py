"""The changes of techniques, and which of them the files have to respect."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from facilities.catalogue.models import Technique, VocabularyAct, VocabularyChange
from facilities.catalogue.vocabulary.edits import edits, with_edits
from facilities.catalogue.vocabulary.entries import Entry
from facilities.db import db, now

FILES = "files"
"""Who made the changes that were loaded."""


def live_edits() -> dict[str, list[VocabularyChange]]:
    """The desk's edits that were not undone and that the files have not taken over, by slug, the oldest first."""
    change = VocabularyChange
    by_desk = change.act.in_([VocabularyAct.ADDED, VocabularyAct.EDITED])
    open_ = sa.and_(by_desk, change.undone_at.is_(None), change.in_files_at.is_(None))
    found = defaultdict(list)
    for each in db.session.scalars(sa.select(change).where(open_).order_by(change.id)):
        found[each.slug].append(each)
    return found


def with_live_edits(entry: Entry, changes: Iterable[VocabularyChange]) -> tuple[Entry, list[VocabularyChange]]:
    """What the files say with what the desk said since, and which edits made a difference. The others the files have
    taken over; that is noted. The caller commits."""
    kept = []
    for change in changes:
        edited = with_edits(entry, edits(change.before, change.after))
        if edited == entry:
            change.in_files_at = now()
        else:
            kept.append(change)
        entry = edited
    return entry, kept


def note_loaded(technique: Technique, before: Entry, after: Entry) -> None:
    """Keep what a technique said before the files changed it; the caller commits."""
    loaded = VocabularyAct.LOADED
    db.session.add(
        VocabularyChange(
            technique=technique, slug=technique.slug, act=loaded, before=before, after=after, made_by=FILES
        )
    )
