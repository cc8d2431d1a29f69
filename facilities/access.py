"""Who may use a route. Every route names its rule beside itself: `@allow(anyone)`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort

Rule = Callable[[], bool]


def anyone() -> bool:
    """Visitors without an account."""
    return True


def allow(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view run only where `rule()` holds; otherwise the visitor gets 403. Goes below `@bp.route`."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response | str | Any:
            if not rule():
                abort(403)
            return view(*args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return guard
