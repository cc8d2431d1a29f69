"""The components templates are built from: what they print for given arguments."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from facilities.search.results import Facet, FacetValue

DAYS = [SelectChoice("mon", "Monday"), SelectChoice("tue", "Tuesday")]


class Visit(FlaskForm):
    """A form with one field of each sort."""

    name = StringField("Your name", [DataRequired("Write your name")], description="As on your badge")
    group = SelectField("Group", choices=[SelectChoice("a", "Academia")])
    day = RadioField(
        "Day", [DataRequired("Choose a day")], choices=[SelectChoice("mon", "Monday"), SelectChoice("tue", "Tuesday")]
    )
    agree = BooleanField("I agree", [DataRequired("Tick the box")])


def printed(app: Flask, macro: str, call: str, *, post: bool = False, **values: object) -> str:
    source = f'{{% from "components/{macro}.html" import {macro} %}}{{{{ {macro}({call}) }}}}'
    with app.test_request_context("/", method="POST" if post else "GET"):
        form = Visit(meta={"csrf": False})
        if post:
            form.validate()
        return render_template_string(source, form=form, **values)


def test_field_ties_label_help_and_control_together(app: Flask) -> None:
    html = printed(app, "field", "form.name, autocomplete='name'")

    assert '<label class="form-label" for="name">Your name</label>' in html
    assert '<p class="form-help" id="name-help">As on your badge</p>' in html
    assert 'aria-describedby="name-help"' in html
    assert 'autocomplete="name"' in html
    assert "aria-invalid" not in html


def test_field_shows_its_error_beside_the_control(app: Flask) -> None:
    html = printed(app, "field", "form.name", post=True)

    assert "Write your name</p>" in html
    assert 'aria-describedby="name-help name-error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_field_says_so(app: Flask) -> None:
    assert "(optional)" in printed(app, "field", "form.group, optional=true")


def test_choices_are_a_named_group_and_a_tick_has_its_label_beside_it(app: Flask) -> None:
    days = printed(app, "field", "form.day", post=True)
    tick = printed(app, "field", "form.agree")

    assert "<legend>Day</legend>" in days
    assert '<label for="day-1">Tuesday</label>' in days
    assert '<fieldset aria-describedby="day-error">' in days
    assert '<label for="agree">I agree</label>' in tick


def test_error_summary_names_and_links_the_field_of_every_error(app: Flask) -> None:
    html = printed(app, "error_summary", "form", post=True)

    assert "There are 4 things to put right" in html
    named = (("name", "Your name: write your name"), ("day-0", "Day: choose a day"), ("agree", "I agree: tick the box"))
    for target, message in named:
        assert f'<a href="#{target}">{message}</a>' in html


def test_facet_without_a_chosen_value_keeps_its_order_and_says_no_more(app: Flask) -> None:
    values = [FacetValue(f"c{n}", f"City {n}", count=n, selected=False) for n in range(3)]
    html = printed(app, "facet", "question", question=Facet("city", lazy_gettext("City"), values))

    assert "<legend>City</legend>" in html
    assert html.index("City 0") < html.index("City 1") < html.index("City 2")


def test_form_without_errors_has_no_summary(app: Flask) -> None:
    assert printed(app, "error_summary", "form").strip() == ""


@pytest.mark.parametrize(("level", "signs"), [(1, "<b>€</b><i>€€€</i>"), (4, "<b>€€€€</b><i></i>")])
def test_price_level_is_said_in_signs_and_words(app: Flask, level: int, signs: str) -> None:
    html = printed(app, "price_level", "level", level=level)

    assert signs in html
    assert f'title="Price level {level} of 4"' in html


def test_unknown_price_level_prints_nothing(app: Flask) -> None:
    assert printed(app, "price_level", "none") == ""


def test_pagination_marks_the_page_and_leaves_gaps_unlinked(app: Flask) -> None:
    pages = SimpleNamespace(
        page=2, pages=9, previous_url="/p1", next_url="/p3", numbers=[(1, "/p1"), (2, "/p2"), (None, ""), (9, "/p9")]
    )
    html = printed(app, "pagination", "pages", pages=pages)

    assert '<span aria-current="page">2</span>' in html
    assert 'href="/p2"' not in html
    assert 'href="/p9" aria-label="Page 9"' in html
    assert "…" in html


def test_one_page_needs_no_pagination(app: Flask) -> None:
    pages = SimpleNamespace(page=1, pages=1, previous_url=None, next_url=None, numbers=[(1, "/p1")])

    assert printed(app, "pagination", "pages", pages=pages).strip() == ""


def test_long_facet_folds_its_tail_and_shows_chosen_values_first(app: Flask) -> None:
    values = [FacetValue(f"c{n}", f"City {n}", count=n, selected=n == 9) for n in range(10)]
    html = printed(app, "facet", "question", question=Facet("city", lazy_gettext("City"), values))

    assert "<summary>2 more</summary>" in html
    assert '<input id="city-c9" type="checkbox" name="city" value="c9" checked>' in html
    assert html.index("City 6") < html.index("<details") < html.index("City 7")
    assert html.index("City 9") < html.index("City 0")
    assert "any of these" in html


def test_money_is_written_for_the_visitor(app: Flask) -> None:
    assert printed(app, "money", "amount, 'EUR'", amount=Decimal(1200)) == '<span class="number nowrap">€1,200</span>'
