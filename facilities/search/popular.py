"""What visitors often search for and find, by its beginning: kept by the process for a while.

What is suggested to everybody is chosen by whoever searches for it, so only texts are that hold nothing but known
words and that some listing answers with all of them: nobody has the site say something that the catalogue does not.
"""

import logging
import time
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock, Thread
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask import Flask, current_app

from facilities.catalogue.names import fold
from facilities.db import db
from facilities.search.index import index
from facilities.search.log.queries import popular_texts
from facilities.search.query import SearchQuery
from search_index.stopwords import is_stop_word
from search_index.syntax import parse
from search_index.words import words_in

log = logging.getLogger(__name__)

KEPT = 600.0
"""Seconds that a process goes on using what it read."""

MOST_TRIED = 8
"""Texts with one beginning that are looked at whether they may be suggested."""

MOST_WORDS = 10
AFTER_ALL = "\uffff"
Text = tuple[str, int, str]
"""The folded text, how often it was searched for, the text."""


@dataclass(slots=True)
class _Kept:
    """Popular texts in the order of the alphabet, and which of them were found fit to be suggested."""

    texts: list[Text]
    read_at: float = field(default_factory=time.monotonic)
    fit: dict[str, bool] = field(default_factory=dict)
    renewing: Lock = field(default_factory=Lock)

    def is_fit(self, text: str) -> bool:
        if text not in self.fit:
            self.fit[text] = may_be_suggested(text)
        return self.fit[text]


_REMEMBERED: WeakKeyDictionary[sa.Engine, _Kept] = WeakKeyDictionary()


def popular_beginning(typed: str, limit: int) -> list[str]:
    """The most frequent texts that begin with what was typed, and are more than that."""
    wanted = fold(typed)
    kept = _kept()
    first, last = bisect_left(kept.texts, (wanted,)), bisect_left(kept.texts, (wanted + AFTER_ALL,))
    found = sorted(kept.texts[first:last], key=lambda each: (-each[1], each[0]))
    tried = islice((text for folded, _count, text in found if folded != wanted), MOST_TRIED)
    return list(islice(filter(kept.is_fit, tried), limit))


def may_be_suggested(text: str) -> bool:
    """Whether a text has no operators, every word of it is known, and some listing answers the whole of it."""
    words = list(words_in(text))
    if not (0 < len(words) <= MOST_WORDS and parse(text).plain and "*" not in text and index().exists()):
        return False
    query = SearchQuery(text)
    return all(_is_known(word.folded, query) for word in words) and _is_answered(query)


def forget() -> None:
    """Have the texts read again at the next question."""
    _REMEMBERED.pop(db.engine, None)


def _is_known(word: str, query: SearchQuery) -> bool:
    """Words of places and needs are known, though no listing may have them."""
    said = (part.words for part in query.understood.parts if part.kind != "technique")
    return is_stop_word(word, word) or index().knows(word) or any(word in fold(each).split() for each in said)


def _is_answered(query: SearchQuery) -> bool:
    asked = replace(query.for_index(), limit=0, offset=0, facets=(), snippets=False, forgiving=False)
    return index().search(asked).total > 0


def _kept() -> _Kept:
    """What is remembered. The first question has it read, later ones are not kept waiting: a thread renews it."""
    kept = _REMEMBERED.get(db.engine)
    if kept is None:
        return _read()
    if time.monotonic() - kept.read_at > KEPT and kept.renewing.acquire(blocking=False):
        app = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's, for a thread
        Thread(target=_renew, args=(app, kept), daemon=True, name="read popular searches").start()
    return kept


def _read() -> _Kept:
    _REMEMBERED[db.engine] = kept = _Kept(sorted((fold(text), count, text) for text, count in popular_texts()))
    return kept


def _renew(app: Flask, kept: _Kept) -> None:
    """What cannot be read now is tried again by a later question."""
    try:
        with app.app_context():
            _read()
    except Exception:
        log.exception("popular searches could not be read; the old ones stay in use")
        kept.renewing.release()
