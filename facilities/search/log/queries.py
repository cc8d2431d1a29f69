"""What the desk reads of the searches, and what is popular enough to be suggested."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from facilities.db import db, now
from facilities.search.log.models import LoggedSearch, SettledSearch
from facilities.search.log.sketch import at_least

VISITORS_OF_POPULAR = 3
"""Different visitors who typed a text before it is suggested to others."""

POPULAR_FOR = timedelta(days=30)
MOST_POPULAR = 1000
MOST_ABANDONED = 500
"""Texts that were opened from less often than searched for, among which the abandoned ones are looked for."""


class Outcome(StrEnum):
    """What became of searches."""

    NOTHING = "nothing"
    PARTLY = "partly"
    ABANDONED = "abandoned"
    POPULAR = "popular"
    SETTLED = "settled"


class Order(StrEnum):
    COUNT = "count"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Searched:
    """A text and what became of its searches. `visitors` and `left` are how many there were at least: different
    visitors who searched for it, and those of them who opened nothing that it found."""

    text: str
    searches: int
    nothing: int
    partly: int
    opened: int
    last_on: date
    visitors: int = 0
    left: int = 0
    settled: SettledSearch | None = None


def searched(outcome: Outcome, order: Order, days: int, *, limit: int, offset: int) -> tuple[list[Searched], int]:
    """Texts of the last `days`, the most frequent or the latest first, and how many there are in all. What is popular
    is so by the last POPULAR_FOR, the most frequent first."""
    if outcome == Outcome.SETTLED:
        return _settled(limit, offset)
    if outcome == Outcome.POPULAR:
        popular = _popular()
        return popular[offset : offset + limit], len(popular)
    since = (now() - timedelta(days=days)).date()
    if outcome == Outcome.ABANDONED:
        found = _abandoned(order, since)
        return found[offset : offset + limit], len(found)
    failed = _sum("found_nothing" if outcome == Outcome.NOTHING else "found_partly")
    query = _by_text(since).having(failed > 0)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    first = failed if order == Order.COUNT else _LAST
    rows = db.session.execute(query.order_by(first.desc(), LoggedSearch.text).limit(limit).offset(offset)).all()
    return _with_visitors(rows, since), total


def of_texts(texts: Collection[str]) -> list[Searched]:
    """What became of the searches for these texts since the log begins, those that failed most often first."""
    query = _sums().where(LoggedSearch.text.in_(texts)).group_by(LoggedSearch.text)
    rows = db.session.execute(query.order_by(_failed().desc(), _sum("searches").desc())).all()
    return [_as_searched(row) for row in rows]


def texts_like(words: str, limit: int) -> list[str]:
    """Texts of the log that hold these words, those that failed most often first."""
    query = sa.select(LoggedSearch.text).where(LoggedSearch.text.contains(words.casefold(), autoescape=True))
    failed = _failed().desc()
    query = query.group_by(LoggedSearch.text).order_by(failed, _sum("searches").desc(), LoggedSearch.text)
    return list(db.session.scalars(query.limit(limit)))


def popular_texts(*, at: datetime | None = None) -> list[tuple[str, int]]:
    """What is suggested to others, and how often it was searched for."""
    return [(each.text, each.searches) for each in _popular(at)]


def _popular(at: datetime | None = None) -> list[Searched]:
    """Texts with which at least VISITORS_OF_POPULAR different visitors found something lately; not those that the desk
    set aside."""
    since = ((at or now()) - POPULAR_FOR).date()
    found = _sum("searches") - _failed()
    aside = sa.select(SettledSearch.text).where(SettledSearch.slug == "")
    query = (
        _sums().where(LoggedSearch.searched_on >= since, LoggedSearch.text.not_in(aside)).group_by(LoggedSearch.text)
    )
    query = query.having(found >= VISITORS_OF_POPULAR).order_by(found.desc(), LoggedSearch.text).limit(MOST_POPULAR)
    rows = _with_visitors(db.session.execute(query).all(), since)
    return [each for each in rows if each.visitors >= VISITORS_OF_POPULAR]


def settle(text: str, *, by: str, slug: str = "") -> None:
    """Note that the desk has seen to a text; the caller commits."""
    settled = db.session.get(SettledSearch, text) or SettledSearch(text=text)
    settled.slug, settled.settled_by, settled.settled_at = slug, by, now()
    db.session.add(settled)


def take_up(text: str) -> None:
    """Have a text that was seen to wait again; the caller commits."""
    db.session.execute(sa.delete(SettledSearch).where(SettledSearch.text == text))


def _sum(name: str) -> sa.ColumnElement[int]:
    return sa.func.sum(getattr(LoggedSearch, name))


def _failed() -> sa.ColumnElement[int]:
    """How many searches found nothing, or nothing with all their words."""
    return _sum("found_nothing") + _sum("found_partly")


_LAST = sa.func.max(LoggedSearch.searched_on)


def _sums() -> sa.Select[Any]:
    """(text, searches, nothing, partly, opened, last day)"""
    columns: list[Any] = [*map(_sum, ("searches", "found_nothing", "found_partly", "opened")), _LAST]
    return sa.select(LoggedSearch.text, *columns)


def _by_text(since: date) -> sa.Select[Any]:
    """The sums since a day of the texts that wait for the desk: those never settled, and those for which a synonym was
    made, with what happened after that."""
    settled = sa.func.date(SettledSearch.settled_at)
    waits = sa.or_(SettledSearch.text.is_(None), sa.and_(SettledSearch.slug != "", LoggedSearch.searched_on > settled))
    query = _sums().outerjoin(SettledSearch, SettledSearch.text == LoggedSearch.text)
    return query.where(LoggedSearch.searched_on >= since, waits).group_by(LoggedSearch.text)


def _abandoned(order: Order, since: date) -> list[Searched]:
    """Texts that found something of which some visitors opened nothing."""
    unopened = _sum("searches") - _failed() - _sum("opened")
    query = _by_text(since).having(unopened > 0).order_by(unopened.desc(), LoggedSearch.text).limit(MOST_ABANDONED)
    found = [each for each in _with_visitors(db.session.execute(query).all(), since) if each.left]
    first = (
        (lambda each: (each.last_on, each.left)) if order == Order.TIME else (lambda each: (each.left, each.last_on))
    )
    return sorted(found, key=first, reverse=True)


def _with_visitors(rows: Collection[Any], since: date) -> list[Searched]:
    """The rows with how many visitors they stand for, from the sketches of all days together: one SELECT."""
    seen: dict[str, int] = defaultdict(int)
    opened: dict[str, int] = defaultdict(int)
    query = sa.select(LoggedSearch.text, LoggedSearch.seen_by, LoggedSearch.opened_by)
    texts = [row[0] for row in rows]
    for text, by, opened_by in db.session.execute(
        query.where(LoggedSearch.searched_on >= since, LoggedSearch.text.in_(texts))
    ):
        seen[text] |= by
        opened[text] |= opened_by
    return [_as_searched(row, seen[row[0]], opened[row[0]]) for row in rows]


def _as_searched(row: Any, seen: int = 0, opened: int = 0) -> Searched:
    text, searches, nothing, partly, opens, last_on = row
    last_on = date.fromisoformat(last_on) if isinstance(last_on, str) else last_on
    return Searched(text, searches, nothing, partly, opens, last_on, at_least(seen), at_least(seen & ~opened))


def _settled(limit: int, offset: int) -> tuple[list[Searched], int]:
    query = sa.select(SettledSearch).order_by(SettledSearch.settled_at.desc(), SettledSearch.text)
    rows = list(db.session.scalars(query.limit(limit).offset(offset)))
    sums = {each.text: each for each in of_texts([row.text for row in rows])}
    nothing = {row.text: Searched(row.text, 0, 0, 0, 0, row.settled_at.date()) for row in rows}
    found = [(sums.get(row.text) or nothing[row.text], row) for row in rows]
    total = db.session.scalar(sa.select(sa.func.count(SettledSearch.text))) or 0
    return [_and_settled(each, row) for each, row in found], total


def _and_settled(each: Searched, row: SettledSearch) -> Searched:
    return Searched(each.text, each.searches, each.nothing, each.partly, each.opened, each.last_on, settled=row)
