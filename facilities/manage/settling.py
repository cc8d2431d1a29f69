"""What an author chose after somebody else had changed the same fields."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import Listing, Revision
from facilities.db import db
from facilities.manage.editing import Collision, Saved
from facilities.moderation.proposals import open_proposal

THEIRS, MINE = "theirs", "mine"


def last_author(listing: Listing) -> str:
    """Who changed the listing last, or proposed to."""
    proposal = open_proposal(listing)
    query = sa.select(Revision.made_by, Revision.made_at).where(Revision.listing_id == listing.id)
    last = db.session.execute(query.order_by(Revision.version.desc()).limit(1)).first()
    if proposal and (last is None or proposal.changed_at > last.made_at):
        return proposal.made_by
    return last.made_by if last else ""


class Choices:
    """For each field that says something else in the author's `draft` than in what they have now `seen`: whose version
    they chose. `answers` are what the page of the collision sent: `choose-<unit>`.

    Fields of the draft that differ and were not asked about are the author's alone.
    """

    def __init__(self, draft: Mapping[str, Any], seen: Mapping[str, Any], answers: Mapping[str, str]) -> None:
        self.draft, self.seen = draft, seen
        self.asked = {name: unit for name, unit in _asked(answers).items() if name in draft}
        self.chosen = {unit: answers.get(f"choose-{unit}", "") for unit in self.asked.values()}

    @property
    def open(self) -> tuple[str, ...]:
        """The units about which nothing was chosen."""
        return tuple(unit for unit, choice in self.chosen.items() if choice not in (THEIRS, MINE))

    def fields(self) -> dict[str, Any]:
        """What the listing is to say."""
        return {name: self.seen[name] if self._is_theirs(name) else value for name, value in self.draft.items()}

    def as_saved(self) -> Saved:
        """The collision once more."""
        collisions = [
            Collision(name, None, self.seen[name], self.draft[name], unit) for name, unit in self.asked.items()
        ]
        return Saved(collisions=collisions, current=self.seen, draft=self.draft)

    def _is_theirs(self, name: str) -> bool:
        return self.chosen.get(self.asked.get(name, "")) == THEIRS


def _asked(answers: Mapping[str, str]) -> dict[str, str]:
    """The fields that were shown with a choice, each with its unit: `asked` holds `name:unit name:unit`."""
    pairs = (pair.partition(":") for pair in answers.get("asked", "").split())
    return {name: unit for name, _colon, unit in pairs}
