"""The facts about a scope on a day, in every language of the site: what pages, files and editions are made of."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import LazyString, force_locale

from facilities.catalogue.models import Kind
from facilities.formats import site_today
from facilities.insight.facts.figure import Chart, Counted, Figure, Group, Question, Row
from facilities.insight.facts.figures import FIGURES
from facilities.insight.facts.protected import Protected, protected_cells
from facilities.insight.facts.scopes import Scope, listing_count
from facilities.insight.facts.suppression import Why
from facilities.languages import LANGUAGES
from facilities.search.index import index

KEPT = 300.0
"""Seconds for which a process uses what it has counted, unless the index has changed meanwhile."""

MOST_KEPT = 64
KEY = "facts"

Facts = dict[str, Any]
"""As JSON: `scope`, `names`, `on` (ISO date), `counts` {kind: number}, `figures`, and for editions `marks` and
`marks_withheld`. A figure has `name`, `group`, `title`, `definition`, `unit`, `labels` (the heading of its rows),
`chart`, `protected`, `rows` ({key, label, value, of, search}; a value is null where it is withheld), `known`, `of`,
`total`, `sources`, `why` (of what is withheld; a figure without rows is one that an edition forbids to show). Texts are
{language: text}.
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    made_at: float
    stamp: tuple[int, date]
    what: Any


def facts_of(scope: Scope) -> Facts:
    """What is true of a scope today. Not to be changed: others read the same."""
    return remembered(scope.key, lambda: _made(scope))


def forget() -> None:
    """Have everything counted again at the next question."""
    current_app.extensions.pop(KEY, None)


def generation() -> int:
    """A number that grows with every change of the index."""
    return index().generation() if index().exists() else 0


def _made(scope: Scope) -> Facts:
    protected: Protected = remembered("protected", protected_cells)
    asked = Question(scope, site_today(), protected, listing_count(scope))
    return _in_all_languages({
        "scope": scope.key,
        "names": dict(scope.names),
        "on": asked.today.isoformat(),
        "counts": {kind.value: asked.kinds[kind] for kind in Kind},
        "figures": list(_figures(asked)),
        "marks": protected.marks(scope.key),
        "marks_withheld": protected.marks_withheld(scope.key),
    })  # fmt: skip


def _figures(asked: Question) -> Iterator[dict[str, Any]]:
    for figure in FIGURES:
        if _is_asked(figure, asked.scope):
            counted = figure.count(asked)
            if any(row.value is not None for row in counted.rows):
                yield _figure(figure, counted)
            elif counted.why == Why.EDITION.value:
                yield _figure(figure, replace(counted, rows=()))


def _is_asked(figure: Figure, scope: Scope) -> bool:
    if figure.group == Group.MEMBERS:
        return scope.network is not None
    return not (figure.protected and scope.town)


def _figure(figure: Figure, counted: Counted) -> dict[str, Any]:
    return {
        "name": figure.name,
        "group": figure.group.value,
        "title": figure.title,
        "definition": figure.definition,
        "unit": figure.unit,
        "labels": figure.labels,
        "chart": (figure.chart if len(counted.rows) > 1 and counted.comparable else Chart.NONE).value,
        "protected": figure.protected,
        "rows": [_row(row) for row in counted.rows],
        "known": counted.known,
        "of": counted.of,
        "total": counted.total,
        "sources": list(counted.sources),
        "why": counted.why,
    }


def _row(row: Row) -> dict[str, Any]:
    return {"key": row.key, "label": row.label, "value": row.value, "of": row.of, "search": list(row.search)}


def _in_all_languages(facts: Facts) -> Facts:
    """With every text of the interface as {language: text}."""
    texts: list[tuple[dict[str, str], LazyString]] = []
    found: Facts = _with_places(facts, texts)
    for language in LANGUAGES:
        with force_locale(language):
            for place, text in texts:
                place[language] = str(text)
    return found


def _with_places(part: Any, texts: list[tuple[dict[str, str], LazyString]]) -> Any:
    """The same with an empty dict for each text, which `texts` pairs with the text to be put there."""
    if isinstance(part, LazyString):
        texts.append(({}, part))
        return texts[-1][0]
    if isinstance(part, dict):
        return {key: _with_places(value, texts) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_with_places(value, texts) for value in part]
    return part


def remembered(name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, from the memory of this process if nothing has changed since it was made. What was not asked
    for longest is forgotten first: whoever visits all places does not have the costly parts counted again."""
    memory: dict[str, _Kept] = current_app.extensions.setdefault(KEY, {})
    stamp = (generation(), site_today())
    kept = memory.get(name)
    if kept is None or kept.stamp != stamp or time.monotonic() - kept.made_at > KEPT:
        kept = _Kept(time.monotonic(), stamp, make())
    memory.pop(name, None)
    for oldest in list(memory)[: max(0, len(memory) - MOST_KEPT + 1)]:
        memory.pop(oldest, None)
    memory[name] = kept
    return kept.what
