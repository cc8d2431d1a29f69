"""What single organisations add to numbers that are not public as such: read once, for all scopes together."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Organisation, Status
from facilities.catalogue.models.parts import PipelineProject
from facilities.db import db
from facilities.enquiries.numbers.months import threads_of
from facilities.formats import site_zone

YEARS = 5
"""Calendar years of enquiries that are counted, this one among them."""

SIZES = (("micro", 10), ("small", 50), ("medium", 250))
"""EU size classes (Recommendation 2003/361/EC) by employees alone: each is below this many; the others are large."""

PUBLISHED = LISTINGS.c.status == Status.PUBLISHED


class Contribution(NamedTuple):
    """What an organisation adds to one cell of a figure."""

    figure: str
    key: str
    organisation: int
    amount: int


def contributions(today: date) -> Iterator[Contribution]:
    """All of them, in four SELECTs."""
    yield from _of_companies()
    yield from _of_projects()
    yield from _of_enquiries(today)


def size_of(employees: int) -> str:
    """The size class of an organisation with so many employees."""
    return next((name for name, most in SIZES if employees < most), "large")


def _of_companies() -> Iterator[Contribution]:
    table = Organisation.__table__.c
    query = (
        sa.select(
            table.id, table.employees, table.employees_year,
            table.turnover, table.turnover_currency, table.turnover_year,
        )
        .join(LISTINGS, LISTINGS.c.id == table.id)
        .where(PUBLISHED, sa.or_(table.employees.is_not(None), table.turnover.is_not(None)))
    )  # fmt: skip
    for id_, employees, of_year, turnover, currency, turnover_year in db.session.execute(query):
        if employees is not None:
            yield Contribution("employees", _year(of_year), id_, employees)
            yield Contribution("size", size_of(employees), id_, 1)
        if turnover is not None:
            yield Contribution("turnover", f"{_year(turnover_year)} {currency}".strip(), id_, turnover)


def _of_projects() -> Iterator[Contribution]:
    owner = sa.func.coalesce(LISTINGS.c.organisation_id, LISTINGS.c.id)
    query = sa.select(owner, PipelineProject.phase, PipelineProject.indication).join(
        LISTINGS, LISTINGS.c.id == PipelineProject.listing_id
    )
    counted: Counter[tuple[str, str, int]] = Counter()
    for id_, phase, indication in db.session.execute(query.where(PUBLISHED)):
        counted["pipeline", phase.value, id_] += 1
        counted["indications", indication.strip().casefold(), id_] += 1
    yield from (Contribution(*cell, many) for cell, many in counted.items())


def _of_enquiries(today: date) -> Iterator[Contribution]:
    """The enquiries of each year, and the working days until each of the last twelve months' was answered."""
    published = sa.select(LISTINGS.c.id).where(PUBLISHED)
    owner = sa.func.coalesce(LISTINGS.c.organisation_id, LISTINGS.c.id)
    asked = threads_of(published, date(today.year - YEARS + 1, 1, 1))
    owners = dict(db.session.execute(sa.select(LISTINGS.c.id, owner).where(PUBLISHED)).all()) if asked else {}
    counted = Counter((str(each.month.year), owners[each.listing_id]) for each in asked)
    yield from (Contribution("enquiries", year, id_, many) for (year, id_), many in counted.items())
    for each in asked:
        lately = (today - each.at.astimezone(site_zone()).date()).days <= 365
        if lately and (days := each.days) is not None:
            yield Contribution("answers", "usual", owners[each.listing_id], days)


def _year(year: int | None) -> str:
    """As a key that sorts; empty where it is not said."""
    return str(year) if year else ""
