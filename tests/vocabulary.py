"""The whole vocabulary for tests, loaded from its files once in a process and copied from then on."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import Category, Technique, TechniqueTerm
from facilities.catalogue.vocabulary.entries import write_entry
from facilities.catalogue.vocabulary.loading import load_vocabulary
from facilities.db import db
from tests.conftest import running_app

TABLES = [model.__table__ for model in (Category, Technique, TechniqueTerm)]


def fill_vocabulary() -> None:
    """Have the database of the current application hold every category and technique."""
    categories, techniques, terms = _rows()
    db.session.execute(sa.insert(Category.__table__), categories)
    db.session.execute(sa.insert(Technique.__table__), [each | {"broader_id": None} for each in techniques])
    db.session.execute(sa.insert(TechniqueTerm.__table__), terms)
    db.session.execute(
        sa.update(Technique), [{"id": each["id"], "broader_id": each["broader_id"]} for each in techniques]
    )
    db.session.commit()


def add_technique(slug: str, label: str, **said: Any) -> Technique:
    """A technique of a category of its own kind, saved; `said` as the files say it."""
    category = db.session.scalar(sa.select(Category)) or Category(slug="methods", labels={"en": "Methods"})
    technique = Technique(slug=slug)
    write_entry(technique, {"id": slug, "labels": {"en": label}, **said}, category)
    db.session.add(technique)
    db.session.commit()
    return technique


@cache
def _rows() -> list[list[dict[str, Any]]]:
    with TemporaryDirectory() as folder, running_app(Path(folder)):
        load_vocabulary()
        db.session.commit()
        return [
            [dict(row) for row in db.session.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for table in TABLES
        ]
