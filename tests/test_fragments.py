"""Fragments: pieces of pages kept between requests."""

from flask import Flask, render_template_string
from flask_babel import force_locale

from facilities.catalogue.models import Kind, Place

BADGE = '{{ fragment("kind_badge", kind) }}'


def test_fragment_is_what_the_macro_prints(app: Flask) -> None:
    macro = '{% from "components/kind_badge.html" import kind_badge %}{{ kind_badge(kind) }}'
    with app.test_request_context("/"):
        assert render_template_string(BADGE, kind=Kind.SERVICE) == render_template_string(macro, kind=Kind.SERVICE)


def test_fragments_of_different_values_and_languages_are_kept_apart(app: Flask) -> None:
    there = Place("", "", "Göteborg", "", "SE", None, None)
    line = '{{ fragment("place", there) }}'
    with app.test_request_context("/"):
        english = render_template_string(line, there=there)
        with force_locale("sv"):
            swedish = render_template_string(line, there=there)

    assert "Göteborg, Sweden" in english
    assert "Göteborg, Sverige" in swedish


def test_values_in_a_fragment_are_escaped(app: Flask) -> None:
    there = Place("", "", "<b>Lund</b>", "", "SE", None, None)
    with app.test_request_context("/"):
        html = render_template_string('{{ fragment("place", there) }}', there=there)

    assert "&lt;b&gt;Lund" in html
    assert "<b>" not in html
