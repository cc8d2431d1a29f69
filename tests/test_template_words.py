"""The words of templates in the visitor's language."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from facilities import template_words


@pytest.fixture
def translated(tmp_path: Path) -> Flask:
    """An application of a few words, with their Swedish translations."""
    catalogue, written = Catalog(locale="sv"), BytesIO()
    catalogue.add("Filters", "Filter")
    catalogue.add("Nothing found for %(text)s", "Inget hittat för %(text)s")
    write_mo(written, catalogue)
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(written.getvalue())
    app = Flask("words")
    Babel(app, default_translation_directories=str(tmp_path))
    template_words.init_app(app)
    return app


def test_words_are_kept_apart_by_language(translated: Flask) -> None:
    said = []
    with translated.test_request_context("/"):
        for language in ("en", "sv", "en", "sv"):
            with force_locale(language):
                said.append(render_template_string('{{ _("Filters") }}'))

    assert said == ["Filters", "Filter", "Filters", "Filter"]


def test_a_block_of_words_is_translated_like_any_other(translated: Flask) -> None:
    block = "{% trans text=word %}Nothing found for {{ text }}{% endtrans %}"
    with translated.test_request_context("/"), force_locale("sv"):
        assert render_template_string(block, word="<x>") == "Inget hittat för &lt;x&gt;"


def test_values_within_words_are_escaped_in_pages_and_words_are_not(app: Flask) -> None:
    with app.test_request_context("/"):
        html = render_template_string('{{ _("About <b>%(what)s</b>: 100%%", what="<i>") }}')

    assert html == "About <b>&lt;i&gt;</b>: 100%"


def test_letters_in_plain_text_are_not_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        text = render_template_string(
            '{% autoescape false %}{{ _("About %(what)s & co", what="<i>") }}{% endautoescape %}'
        )

    assert text == "About <i> & co"
