"""Editions, to be read, cited and compared with today."""

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone
from facilities.formats import long_date
from facilities.insight.facts.charts import markup_of
from facilities.insight.facts.editions import edition_of, last_number
from facilities.insight.facts.keys import key_numbers
from facilities.insight.facts.report import facts_of
from facilities.insight.facts.scopes import Scope
from facilities.insight.facts.showing import by_group, day_of, shown
from facilities.insight.facts.views import FROZEN, at, name_of, scope_for
from facilities.insight.models import Edition


@at("/<int(max=9999):year>", FROZEN)
@allow(anyone)
def edition(year: int, **where: str) -> ResponseReturnValue:
    """The last edition of a year."""
    scope = scope_for(**where)
    return _page(scope, edition_of(scope, year) or abort(404))


@at("/<int(max=9999):year>/<int(max=9999):number>", FROZEN)
@allow(anyone)
def numbered(year: int, number: int, **where: str) -> ResponseReturnValue:
    """Any edition of a year."""
    scope = scope_for(**where)
    return _page(scope, edition_of(scope, year, number) or abort(404))


def _page(scope: Scope, found: Edition) -> str:
    today = facts_of(scope)
    last = last_number(scope, found.year)
    return render_template(
        "facts/edition.html", scope=scope, name=name_of(scope), edition=found, on=day_of(found.facts),
        today=day_of(today),
        keys=key_numbers(scope, found.facts), groups=list(by_group(shown(found.facts, today))), chart=markup_of,
        address=_address(scope, found), citation=_citation(scope, found),
        newer=f"{scope.facts}/{found.year}/{last}" if last > found.number else "",
    )  # fmt: skip


def _address(scope: Scope, found: Edition) -> str:
    """The address that always leads to this very edition."""
    return f"{scope.facts}/{found.year}/{found.number}"


def _citation(scope: Scope, found: Edition) -> str:
    return _(
        "%(name)s: %(title)s. %(site)s, edition %(year)d, number %(number)d, frozen on %(date)s. %(address)s",
        name=name_of(scope), title=found.title, site=current_app.config["SITE_NAME"], year=found.year,
        number=found.number, date=long_date(found.frozen_at),
        address=current_app.config["SITE_URL"] + _address(scope, found),
    )  # fmt: skip
