"""What visitors often search for and find, by its beginning: kept by the process for a while."""

import time
from bisect import bisect_left
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from facilities.catalogue.names import fold
from facilities.db import db
from facilities.search.log.queries import popular_texts

KEPT = 600.0
"""Seconds that a process goes on using what it read."""

AFTER_ALL = "\uffff"
Text = tuple[str, int, str]
"""The folded text, how often it was searched for, the text."""

_REMEMBERED: WeakKeyDictionary[sa.Engine, tuple[float, list[Text]]] = WeakKeyDictionary()


def popular_beginning(typed: str, limit: int) -> list[str]:
    """The most frequent texts that begin with what was typed, and are more than that."""
    wanted = fold(typed)
    texts = _texts()
    first, last = bisect_left(texts, (wanted,)), bisect_left(texts, (wanted + AFTER_ALL,))
    found = sorted(texts[first:last], key=lambda each: (-each[1], each[0]))
    return [text for folded, _count, text in found if folded != wanted][:limit]


def forget() -> None:
    """Have the texts read again at the next question."""
    _REMEMBERED.pop(db.engine, None)


def _texts() -> list[Text]:
    read_at, texts = _REMEMBERED.get(db.engine, (0.0, []))
    if not read_at or time.monotonic() - read_at > KEPT:
        texts = sorted((fold(text), count, text) for text, count in popular_texts())
        _REMEMBERED[db.engine] = (time.monotonic(), texts)
    return texts
