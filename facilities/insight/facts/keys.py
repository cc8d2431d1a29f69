"""The key numbers on top of a page of facts and of the sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.catalogue.models import Kind
from facilities.formats import number
from facilities.insight.facts.report import Facts
from facilities.insight.facts.scopes import Scope
from facilities.insight.facts.showing import amount, share
from facilities.insight.facts.suppression import Why


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """`address` leads to what was counted, if that can be listed."""

    label: str
    text: str
    address: str = ""


def key_numbers(scope: Scope, facts: Facts) -> list[KeyNumber]:
    """How many listings of each kind, then what companies ask first."""
    return [*_kinds(scope, facts), *_others(scope, facts)]


def _kinds(scope: Scope, facts: Facts) -> Iterator[KeyNumber]:
    for kind in Kind:
        many = facts["counts"].get(kind.value, 0)
        if many:
            label = _("Members") if kind == Kind.ORGANISATION and scope.network else str(kind.plural)
            yield KeyNumber(label, number(many), scope.search([("kind", kind.value)]))


def _others(scope: Scope, facts: Facts) -> Iterator[KeyNumber]:
    figures: dict[str, dict[str, Any]] = {figure["name"]: figure for figure in facts["figures"]}
    if "open" in figures:
        rows = figures["open"]["rows"]
        opened = share(sum(row["value"] for row in rows), sum(row["of"] for row in rows))
        yield KeyNumber(_("open to companies"), _("%(number)s%%", number=number(opened)), scope.search(OPEN))
    many = _total(figures, "employees")
    if many is not None or _is_kept_back(figures, "employees"):
        yield KeyNumber(_("employees stated"), amount(many))
    if (metres := _total(figures, "premises")) is not None:
        premises = [("kind", "offer"), ("offer", "premises")]
        yield KeyNumber(_("m² of premises"), number(metres), scope.search(premises))
    if (projects := _total(figures, "pipeline")) is not None:
        yield KeyNumber(ngettext("project", "projects", projects), number(projects))
    if "answers" in figures and (days := _first(figures["answers"])) is not None:
        yield KeyNumber(ngettext("working day to an answer", "working days to an answer", days), number(days))


OPEN: Sequence[tuple[str, str]] = (("access", "companies"),)


def _total(figures: dict[str, dict[str, Any]], name: str) -> int | None:
    total: int | None = figures[name]["total"] if name in figures else None
    return total


def _is_kept_back(figures: dict[str, dict[str, Any]], name: str) -> bool:
    """Whether the sum of a figure would be there but for an edition."""
    return name in figures and figures[name].get("why") == Why.EDITION.value


def _first(figure: dict[str, Any]) -> int | None:
    return figure["rows"][0]["value"] if figure["rows"] else None
