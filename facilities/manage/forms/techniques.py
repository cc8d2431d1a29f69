"""Techniques, categories and keywords."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from facilities.catalogue.models import Category, Technique
from facilities.catalogue.vocabulary.choosing import Suggestion, find_techniques, techniques_called
from facilities.db import db
from facilities.manage.forms.fields import Lines, Several, text
from facilities.manage.forms.section import SectionForm

BETWEEN_NAMES = re.compile(r"[\n;]")
MOST_OFFERED = 6


class Chosen(Several):
    """Techniques by their slugs; the choices are those that are ticked and those that are offered."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[], **kwargs)

    def _in_order(self, data: list[str] | None) -> list[str]:
        return sorted(set(data or ()))

    def describe(self, offered: list[Suggestion] = []) -> None:  # noqa: B006 (never changed)
        """Read the labels of what is ticked, drop what the vocabulary does not have, and add what is offered."""
        query = sa.select(Technique).where(Technique.slug.in_(self.data))
        labels = {technique.slug: technique.label for technique in db.session.scalars(query)}
        self.data = sorted(labels)
        labels |= {each.slug: each.label for each in offered}
        self.choices = sorted((SelectChoice(*item) for item in labels.items()), key=lambda each: each.label.casefold())


class Techniques(SectionForm):
    """Techniques are ticked, found by a script while typing, or written in a box and looked up when saving."""

    names = ("techniques", "categories", "keywords")

    techniques = Chosen(_("Techniques"))
    technique_names = TextAreaField(
        _("Add techniques"), filters=[text], render_kw={"rows": 2},
        description=_("Any name or abbreviation, in any language; one on each line."),
    )  # fmt: skip
    categories = Several(
        _("Categories"),
        choices=lambda form, _field: form.category_choices(),
        description=_("Where visitors find it when they browse."),
    )
    keywords = Lines(
        _("Keywords"),
        description=_("Words that visitors may search for and that stand nowhere else, one on each line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.tree = list(db.session.scalars(sa.select(Category).order_by(Category.position)))
        super().__init__(*args, **kwargs)
        self.techniques.describe()

    def category_choices(self) -> list[SelectChoice]:
        """The browse tree: each branch is followed by its twigs, which name it as their group."""
        branches = [category for category in self.tree if category.parent_id is None]
        return [
            SelectChoice(category.slug, category.label, optgroup=branch.label)
            for branch in branches
            for category in (branch, *(each for each in self.tree if each.parent_id == branch.id))
        ]

    def category_tree(self) -> Iterator[tuple[str, list[SelectChoice]]]:
        """The same, branch by branch."""
        for label, choices in groupby(self.categories.choices, key=lambda choice: choice.optgroup):
            yield label, list(choices)

    def content(self) -> dict[str, Any]:
        said = super().content()
        return said | {"categories": sorted(said["categories"])}

    def validate_technique_names(self, field: Any) -> None:
        """Tick what has one meaning; offer what the rest may mean."""
        left, offered = [], []
        for name in filter(None, map(str.strip, BETWEEN_NAMES.split(field.data))):
            found = techniques_called(name)
            if len(found) == 1:
                self.techniques.data = [*self.techniques.data, found[0].slug]
            elif not {each.slug for each in found} & set(self.techniques.data):
                left.append(name)
                offered += found or find_techniques(name, limit=MOST_OFFERED)
        self.techniques.describe(offered)
        field.data = "\n".join(left)
        if left:
            raise ValidationError(_advice(left, offered))


def _advice(left: list[str], offered: list[Suggestion]) -> Any:
    names = ", ".join(f"“{name}”" for name in left)
    if offered:
        return _("%(names)s may mean several techniques: tick the right ones above and empty this box.", names=names)
    return _("The vocabulary does not have %(names)s: try another name, or add it as a keyword below.", names=names)
