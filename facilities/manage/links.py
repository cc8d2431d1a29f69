"""The web addresses that published listings show: which are due to be looked at, and which lead nowhere any more."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from facilities.catalogue.models import LISTINGS, Attachment, Listing, Status
from facilities.db import db, now, writing
from facilities.manage.models import LinkCheck
from facilities.manage.reaching import Answer, Checker, Guard, LinkProblem, Outcome

log = logging.getLogger(__name__)

EVERY = timedelta(days=30)
AGAIN = timedelta(hours=36)
"""After a failure; the third in a row is then three days after the first."""

LATER = timedelta(hours=6)
"""After an answer that says nothing of the page: the machine is busy, or the network was away."""

FAILURES = 3
BUDGET = 10.0
"""Seconds that a round may take. Letters wait meanwhile."""

MOST_IN_ROUND = 40
MOST_OF_HOST = 2
MOST_NEW = 2000
MOST_CONSIDERED = 20_000
SILENCE = {LinkProblem.NO_SUCH_HOST, LinkProblem.NO_ANSWER, LinkProblem.TIMEOUT}
"""Problems that our own network, when it is away, makes for every address."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An address of a listing that leads nowhere: what is wrong, and since when that is certain."""

    listing: Listing
    url: str
    problem: str
    since: datetime


def check_links(*, at: datetime | None = None, guard: Guard | None = None) -> int:
    """Look at the addresses that are due, a few of each machine; gives how many. No transaction is open meanwhile."""
    at = at or now()
    if not current_app.config["CHECK_LINKS"]:
        return 0
    writing()
    _follow_listings(at)
    urls = _due(at)
    db.session.commit()
    if not urls:
        return 0
    answers = _answers(urls, guard or Guard())
    writing()
    _note(answers, at)
    db.session.commit()
    return len(answers)


def broken_links(
    listings: Collection[int] | sa.Select[tuple[int]] | None = None, *, limit: int = 200, offset: int = 0
) -> list[BrokenLink]:
    """The broken addresses of published listings (of all, unless their ids are given), the longest broken first."""
    query = _broken(sa.select(Listing, LinkCheck)).order_by(LinkCheck.broken_since, Listing.name, LinkCheck.url)
    if listings is not None:
        query = query.where(Listing.id.in_(listings))
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [
        BrokenLink(listing, check.url, problem_in_words(check.problem), check.broken_since or now())
        for listing, check in rows
    ]


def number_of_broken_links() -> int:
    """How many addresses of all published listings are broken."""
    return db.session.scalar(_broken(sa.select(sa.func.count()).select_from(Listing))) or 0


def _broken(query: Any) -> Any:
    """The query over listings, for each of their broken addresses."""
    shown = _shown().subquery()
    joined = query.join(shown, shown.c.id == Listing.id).join(LinkCheck, LinkCheck.url == shown.c.url)
    return joined.where(LinkCheck.broken_since.is_not(None))


def problem_in_words(problem: str) -> str:
    """What is wrong with an address, in the visitor's language, by the word that is stored of it."""
    return next((str(word.label) for word in LinkProblem if word.value == problem), problem)


def _shown() -> sa.CompoundSelect[Any]:
    """(id of the listing, url) of every web address that a published listing shows."""
    published = LISTINGS.c.status == Status.PUBLISHED
    own = sa.select(LISTINGS.c.id, LISTINGS.c.url).where(published, LISTINGS.c.url.startswith("http"))
    attached = sa.select(LISTINGS.c.id, Attachment.url).join(Attachment, Attachment.listing_id == LISTINGS.c.id)
    return own.union(attached.where(published, Attachment.url.startswith("http")))


def _follow_listings(at: datetime) -> None:
    """Give every address that is shown its row, due now, and forget those that no listing shows any more."""
    shown = _shown().subquery()
    known = sa.select(LinkCheck.url)
    new = sa.select(shown.c.url).where(shown.c.url.not_in(known)).distinct().order_by(shown.c.url).limit(MOST_NEW)
    rows = [LinkCheck(url=url, due_at=at) for url in db.session.scalars(new)]
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError:
        log.info("another worker added the new addresses")
    db.session.execute(sa.delete(LinkCheck).where(LinkCheck.url.not_in(sa.select(shown.c.url))))


def _due(at: datetime) -> list[str]:
    """The addresses to look at in this round, and one that was in order, to tell whether our own network is."""
    due = sa.select(LinkCheck.url).where(LinkCheck.due_at <= at).order_by(LinkCheck.due_at, LinkCheck.url)
    chosen: list[str] = []
    of_host: dict[str, int] = {}
    for url in db.session.scalars(due.limit(MOST_CONSIDERED)):
        host = _host(url)
        if of_host.get(host, 0) < MOST_OF_HOST and len(chosen) < MOST_IN_ROUND:
            of_host[host] = of_host.get(host, 0) + 1
            chosen.append(url)
    fine = sa.select(LinkCheck.url).where(LinkCheck.code < 400, LinkCheck.failures == 0, LinkCheck.url.not_in(chosen))
    control = db.session.scalar(fine.order_by(LinkCheck.checked_at).limit(1)) if chosen else None
    return [*chosen, control] if control else chosen


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _answers(urls: list[str], guard: Guard) -> dict[str, Answer]:
    """What the addresses answered that could be asked within the round. The loop is not waited for after it: a look-up
    of a name cannot be broken off."""
    checker = Checker(f"facilities-catalogue link check (+{current_app.config['SITE_URL']})", guard)
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_ask_all(checker, urls))
    finally:
        loop.close()


async def _ask_all(checker: Checker, urls: list[str]) -> dict[str, Answer]:
    until = asyncio.get_running_loop().time() + BUDGET
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(_host(url), []).append(url)
    answers: dict[str, Answer] = {}
    await asyncio.gather(*(_ask_host(checker, of_host, answers, until) for of_host in hosts.values()))
    return answers


async def _ask_host(checker: Checker, urls: list[str], answers: dict[str, Answer], until: float) -> None:
    """One address after the other; those that could not be finished in time stay due."""
    for url in urls:
        if asyncio.get_running_loop().time() + checker.guard.each > until:
            return
        try:
            answers[url] = await checker.look_at(url)
        except Exception:
            log.exception("address %s could not be looked at", url)
            answers[url] = Answer(Outcome.PUT_OFF)


def _note(answers: dict[str, Answer], at: datetime) -> None:
    silent = {url for url, answer in answers.items() if answer.problem in SILENCE}
    network_away = bool(silent) and not any(map(_has_spoken, answers.values()))
    if network_away:
        log.warning("none of %s addresses answered: taken for a fault of our own network", len(silent))
    for check in db.session.scalars(sa.select(LinkCheck).where(LinkCheck.url.in_(answers))):
        if network_away and check.url in silent:
            check.due_at = at + LATER
        else:
            _note_one(check, answers[check.url], at)


def _has_spoken(answer: Answer) -> bool:
    """Whether some machine out there has answered."""
    return answer.code is not None or answer.problem is LinkProblem.CERTIFICATE


def _note_one(check: LinkCheck, answer: Answer, at: datetime) -> None:
    if answer.outcome is Outcome.PUT_OFF:
        check.due_at = at + (answer.wait or LATER)
        return
    check.checked_at, check.code = at, answer.code
    check.problem = answer.problem.value if answer.problem else ""
    if answer.outcome is Outcome.FAILED:
        check.failures += 1
        check.due_at = at + (AGAIN if check.failures < FAILURES else EVERY / 4)
        check.broken_since = check.broken_since or (at if check.failures >= FAILURES else None)
    else:
        check.failures, check.broken_since, check.due_at = 0, None, at + EVERY
