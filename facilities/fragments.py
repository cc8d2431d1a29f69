"""Small pieces of pages that look the same to every visitor of a language: rendered once a day and kept."""

from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

from facilities.formats import site_today

MOST_KEPT = 8192


def init_app(app: Flask) -> None:
    """Give templates `fragment(name, *values)`: what the macro `name` of components/<name>.html makes of the values.

    Values must be hashable and say all that the macro prints, apart from the visitor's language and the day.
    """

    def render(name: str, _locale: Locale | None, _day: date, *values: Any) -> Markup:
        macro = getattr(app.jinja_env.get_template(f"components/{name}.html").module, name)
        markup: Markup = macro(*values)
        return markup

    kept = render if app.debug else lru_cache(MOST_KEPT)(render)

    @app.template_global()
    def fragment(name: str, *values: Any) -> Markup:
        return kept(name, get_locale(), site_today(), *values)
