"""What instruments are compared by: the techniques looked for, the model and the families it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from facilities.catalogue.models import Technique, TechniqueTerm, TermKind
from facilities.catalogue.models.vocabulary import label_in
from facilities.db import db
from facilities.insight.others.models_alike import Model, family_key
from facilities.insight.others.subject import Subject

MOST_TECHNIQUES = 60
"""Techniques looked for: those of the instrument and the narrower ones."""
NARROWER = 0.8
"""What a narrower technique counts beside the technique itself."""
DEEPEST = 3
"""How far below a technique narrower ones are looked for."""
SAME, FAMILY, EQUIVALENT = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Sought:
    """A technique looked for: itself or one below it, of which `root` is the slug; `weight` is what it counts."""

    id: int
    label: str
    root: str
    weight: float


class Wanted:
    """What an instrument is compared with: the techniques looked for with their weights, the model and its families."""

    def __init__(self, subject: Subject) -> None:
        self.model = Model.of(subject.manufacturer, subject.model)
        self.techniques = _with_narrower(subject.techniques)

    @cached_property
    def families(self) -> set[str]:
        """The vocabulary's families that begin the model, as `family_key` writes them."""
        terms = sa.select(TechniqueTerm.text).where(
            TechniqueTerm.kind == TermKind.MODEL, TechniqueTerm.technique_id.in_(self._ids)
        )
        keys = {family_key(text, " ".join(self.model.makers)) for text in db.session.scalars(terms)}
        return {key for key in keys if key and self.model.key.startswith(key)}

    @property
    def _ids(self) -> list[int]:
        return [sought.id for sought in self.techniques.values()]

    def likeness_of(self, manufacturer: str, model: str) -> int:
        other = Model.of(manufacturer, model)
        if self.model.is_same_as(other):
            return SAME
        return FAMILY if self.model.is_of_one_family_with(other, self.families) else EQUIVALENT


def _with_narrower(slugs: Sequence[str]) -> dict[str, Sought]:
    """Techniques and all below them, by slug."""
    this = sa.select(Technique.id, Technique.slug.label("root"), sa.literal(0).label("depth"))
    chain = this.where(Technique.slug.in_(slugs)).cte("chain", recursive=True)
    below = sa.select(Technique.id, chain.c.root, chain.c.depth + 1).join(chain, Technique.broader_id == chain.c.id)
    chain = chain.union_all(below.where(chain.c.depth < DEEPEST))
    rows = sa.select(Technique.slug, Technique.id, Technique.labels, chain.c.root, chain.c.depth)
    rows = rows.join(chain, Technique.id == chain.c.id).order_by(chain.c.depth, Technique.slug)
    found: dict[str, Sought] = {}
    for slug, id_, labels, root, depth in db.session.execute(rows):
        if len(found) < MOST_TECHNIQUES:
            found.setdefault(slug, Sought(id_, label_in(labels), root, NARROWER**depth))
    return found
