"""Merging two listings of the same thing into one, and taking that apart again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from facilities.catalogue import content
from facilities.catalogue.actions import By, CannotMove, Changes, change_fields, place_below, record, save, set_status
from facilities.catalogue.models import LISTINGS, Actor, Listing, RevisionAct, Status
from facilities.catalogue.names import fold
from facilities.catalogue.queries.loading import listing_to_read
from facilities.db import db, now, writing
from facilities.moderation.followers import take_along, take_back
from facilities.moderation.models import Merge

LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
"""Listings that can be merged."""


class CannotMerge(ValueError):
    """The two cannot be merged, or no longer be taken apart; the message says why, to a person."""


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What undoing a merge left as it was because it has changed since: fields of the kept listing, ids of listings
    that were moved on, and the number of other rows by kind (`grants`, `recipients`...)."""

    fields: tuple[str, ...] = ()
    children: tuple[int, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not (self.fields or self.children or self.rows)


def why_not(kept: Listing, merged: Listing) -> str:
    """Why the second cannot be merged into the first, in words; empty if it can."""
    if kept.id == merged.id:
        return _("Choose two different listings.")
    if kept.kind != merged.kind:
        return _("Only listings of the same kind can be merged.")
    if kept.status not in LIVE or merged.status not in LIVE:
        return _("One of the two has been withdrawn, put away or merged already.")
    if merged.status == Status.PUBLISHED and kept.status != Status.PUBLISHED:
        return _("Keep the one that is published, or publish the other one first.")
    if any(above.id == merged.id for above in kept.lineage()):
        return _("Keep the one that the other belongs to.")
    return ""


def merge_listings(kept: Listing, merged: Listing, *, fields: Mapping[str, Any], by: By) -> Merge:
    """Merge the second into the first, which is made to say `fields` (values as `content.read` gives them).

    All below and all that points at the merged listing moves along; its address leads to the kept one. One commit,
    which also saves what the caller added before, for instance its decision. Raises CannotMerge.
    """
    _lock(kept, merged)
    if problem := why_not(kept, merged):
        raise CannotMerge(problem)
    was = _close(merged, kept, by=by)
    changes = change_fields(kept, _to_say(kept, merged, fields, was["ror"]))
    record(kept, RevisionAct.MERGED, changes, by=by, note=merged.name)
    db.session.flush()
    children = _children(merged)
    for child in children:
        place_below(child, kept, by=by)
    moved = {"was": was, "fields": changes, "children": [child.id for child in children]}
    merge = Merge(kept=kept, merged=merged, merged_by=Actor.of(by).name)
    merge.moved = moved | take_along(merged, kept, by=by)
    db.session.add(merge)
    _read_anew(kept, merged)
    save([kept, merged])
    return merge


def unmerge(merge: Merge, *, by: By) -> Unmerged:
    """Undo a merge: both listings are what they were, except for what has changed since, which the answer names. One
    commit, as above. Raises CannotMerge."""
    kept, merged, moved = merge.kept, merge.merged, merge.moved
    _lock(kept, merged, *moved["children"])
    db.session.refresh(merge, ["undone_at"])
    if problem := why_not_undone(merge):
        raise CannotMerge(problem)
    fields = _take_fields_back(kept, moved["fields"], merged, by=by)
    fields += _open_again(merged, moved["was"], by=by)
    children = [child for child in moved["children"] if not _put_back(child, merged, kept, by=by)]
    rows = take_back(moved, merged, kept)
    merge.undone_by, merge.undone_at = Actor.of(by).name, now()
    _read_anew(kept, merged)
    save([kept, merged])
    return Unmerged(tuple(fields), tuple(children), rows)


def why_not_undone(merge: Merge) -> str:
    """Why a merge cannot be undone, in words; empty if it can."""
    kept, merged = merge.kept, merge.merged
    if merge.undone_at is not None or merged.status != Status.MERGED or merged.successor_id != kept.id:
        return _("This merge has been undone already.")
    if kept.status == Status.MERGED:
        return _("“%(name)s” has been merged into another listing since: undo that merge first.", name=kept.name)
    return ""


def _lock(kept: Listing, merged: Listing, *others: int) -> None:
    """Lock both, the given ones and all directly below the merged one, in the order of their ids; read both anew."""
    writing()
    table, both = LISTINGS, (kept.id, merged.id)
    wanted = sa.or_(table.c.id.in_((*both, *others)), table.c.parent_id == merged.id)
    db.session.execute(sa.select(table.c.id).where(wanted).order_by(table.c.id).with_for_update())
    for listing_id in both:
        listing_to_read(listing_id, anew=True)


def _close(merged: Listing, kept: Listing, *, by: By) -> dict[str, Any]:
    """Make `merged` a mere pointer to `kept`; gives what it was. It gives its ROR id up, which only one may have."""
    was = {"status": merged.status.name, "ror": merged.ror, "successor": merged.successor_id}
    was["withdraw_on"] = merged.withdraw_on.isoformat() if merged.withdraw_on else None
    changes = set_status(merged, Status.MERGED)
    merged.successor = kept
    changes |= change_fields(merged, {"ror": None})
    record(merged, RevisionAct.MERGED, changes, by=by, note=kept.name)
    db.session.flush()
    return was


def _to_say(kept: Listing, merged: Listing, fields: Mapping[str, Any], ror: str | None) -> dict[str, Any]:
    """The chosen fields, the ROR id if `kept` would be without one, and the names that are no longer its name."""
    said = dict(fields)
    if ror and not said.get("ror", kept.ror):
        said["ror"] = ror
    names = list(said.get("other_names", kept.other_names))
    known = {fold(name) for name in (said.get("name", kept.name), *names)}
    for name in (kept.name, merged.name):
        if fold(name) not in known:
            names.append(name)
            known.add(fold(name))
    return said | {"other_names": names}


def _children(listing: Listing) -> list[Listing]:
    return list(db.session.scalars(sa.select(Listing).where(Listing.parent_id == listing.id).order_by(Listing.id)))


def _take_fields_back(kept: Listing, changed: Changes, merged: Listing, *, by: By) -> list[str]:
    """Make `kept` say what it said before the merge; gives the fields that somebody has changed since."""
    says = content.read(kept, tuple(changed)) if changed else {}
    back = {name: before for name, (before, after) in changed.items() if says[name] == after}
    if "other_names" in changed.keys() - back.keys():
        before, after = changed["other_names"]
        back["other_names"] = [name for name in says["other_names"] if name in before or name not in after]
    if "ror" in back and not _is_free(back["ror"], kept):
        del back["ror"]
    record(kept, RevisionAct.UNMERGED, change_fields(kept, back), by=by, note=merged.name)
    db.session.flush()
    return [name for name in changed if name not in back]


def _open_again(merged: Listing, was: Mapping[str, Any], *, by: By) -> list[str]:
    """Make `merged` a listing of its own again; gives the fields it could not get back."""
    changes = set_status(merged, Status[was["status"]])
    merged.successor_id = was["successor"]
    merged.withdraw_on = date.fromisoformat(was["withdraw_on"]) if was["withdraw_on"] else None
    free = _is_free(was["ror"], merged)
    changes |= change_fields(merged, {"ror": was["ror"]}) if free else {}
    record(merged, RevisionAct.UNMERGED, changes, by=by)
    db.session.flush()
    return [] if free else ["ror"]


def _is_free(ror: str | None, listing: Listing) -> bool:
    """Whether no other listing has this ROR id."""
    taken = sa.select(LISTINGS.c.id).where(LISTINGS.c.ror == ror, LISTINGS.c.id != listing.id)
    return ror is None or db.session.scalar(taken) is None


def _put_back(child_id: int, merged: Listing, kept: Listing, *, by: By) -> bool:
    """Have a listing that came with the merge belong to `merged` again, unless it was moved on since."""
    child = db.session.get(Listing, child_id, populate_existing=True)
    if child is None or child.parent_id != kept.id:
        return False
    try:
        return place_below(child, merged, by=by)
    except CannotMove:
        return False


def _read_anew(*listings: Listing) -> None:
    """Have what was moved in the database show in what the session holds."""
    db.session.flush()
    for listing in listings:
        db.session.expire(listing, ["children", "source_records", "successor"])
