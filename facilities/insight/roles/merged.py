"""Addresses that name a role which has become one with another lead to that one: links and saved searches go on."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, redirect, request

from facilities.catalogue.roles import successors

SAFE = ("GET", "HEAD")


def init_app(app: Flask) -> None:
    """Have searches, maps and tables that name a merged role be found under its successor."""

    @app.before_request
    def lead_on_roles() -> Any:
        named = request.args.getlist("role") if request.endpoint and request.method in SAFE else []
        moved = successors(named) if named else {}
        if not moved:
            return None
        pairs = [
            (name, moved.get(value, value) if name == "role" else value)
            for name, value in request.args.items(multi=True)
        ]
        return redirect(f"{quote(request.path)}?{urlencode(list(dict.fromkeys(pairs)))}", 301)
