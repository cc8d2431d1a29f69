"""What the catalogue understands of the queries, so that the engine is measured with techniques expanded."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.questions import Question
from facilities import create_app
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.db import Model, db, writing
from facilities.search.understanding import understand
from search_index import Query


@contextmanager
def vocabulary() -> Iterator[None]:
    """The application with the vocabulary that the catalogue comes with, and nothing else in its database."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"INSTANCE_PATH": Path(folder)})
        with app.app_context():
            Model.metadata.create_all(db.engine)
            writing()
            load_vocabulary()
            db.session.commit()
            yield


def understood(questions: Iterable[Question]) -> list[Question]:
    """The same questions, each with what the index is asked for it."""
    with vocabulary():
        return [replace(question, asked=_query(question)) for question in questions]


def _query(question: Question) -> Query:
    meant = understand(question.text())
    filters = {**meant.filters, **question.filters}
    return Query(meant.text, filters, meanings=meant.meanings, near=meant.near, prefer=meant.prefer)
