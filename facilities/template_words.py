"""The words of templates in the visitor's language: looked up once for each language, and kept.

A page has dozens of them, and looking one up anew takes as long as printing a listing's line.
"""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

MOST_KEPT = 8192


def init_app(app: Flask) -> None:
    """Take the place of `_` and `gettext` in templates. Comes after flask_babel has put its own there."""
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext})


@pass_context
def _gettext(context: Context, text: str, /, **values: Any) -> str:
    """A text in the visitor's language, always a format, with the values escaped in HTML, as Jinja has it."""
    locale = get_locale()
    language = (locale.language, locale.script, locale.territory) if locale else None
    if values:
        return _translated(text, language, context.eval_ctx.autoescape) % values
    return _plain(text, language, context.eval_ctx.autoescape)


@lru_cache(MOST_KEPT)
def _translated(text: str, _language: tuple[str | None, ...] | None, is_html: bool) -> str:
    said: str = get_translations().ugettext(text)
    return Markup(said) if is_html else said  # noqa: S704 - written by translators, not visitors


@lru_cache(MOST_KEPT)
def _plain(text: str, language: tuple[str | None, ...] | None, is_html: bool) -> str:
    return _translated(text, language, is_html) % {}
