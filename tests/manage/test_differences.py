"""What a change changed, in words."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.catalogue.models import Category, Kind, Technique
from facilities.db import db
from facilities.manage.differences import Names, Piece, difference, names_in
from tests.listings import add


def said(pieces: list[Piece]) -> list[str]:
    """Pieces as text: words taken out in [-brackets-], put in in {+braces+}."""
    marks = {"same": "{}", "ins": "{{+{}+}}", "del": "[-{}-]"}
    return [
        (f"{piece.label}: " if piece.label else "") + "".join(marks[run.mark].format(run.text) for run in piece.runs)
        for piece in pieces
    ]


@pytest.mark.parametrize(
    ("field", "before", "after", "expected"),
    [
        ("name", "Zeis LSM", "Zeiss LSM", ["[-Zeis LSM-]{+Zeiss LSM+}"]),
        ("name", "", "Zeiss", ["{+Zeiss+}"]),
        ("url", "https://a.org", "", ["[-https://a.org-]"]),
        ("description", "A slow microscope for cells.", "A quick microscope for live cells.",
         ["A [-slow-]{+quick+} microscope for {+live +}cells."]),
        ("keywords", ["a", "b"], ["b", "c"], ["[-a-], {+c+}"]),
        ("keywords", ["a", "b"], ["b", "a"], ["{+b, a+}"]),
        ("roles", ["discovery"], ["discovery", "clinical"], ["{+Clinical+}"]),
        ("country", "SE", "NO", ["[-Sweden-]{+Norway+}"]),
        ("available_until", None, "2027-03-01", ["{+1 March 2027+}"]),
        ("instrument_status", "available", "under_repair", ["[-Available-]{+Under repair+}"]),
        ("quantity", 1, 2, ["[-1-]{+2+}"]),
        ("access", None, {"groups": ["companies"], "price_level": 2},
         ["Who may use it: {+Companies+}", "Price level: {+2 of 4+}"]),
        ("access", {"booking_required": True}, {"booking_required": False}, ["Booking required: [-Yes-]{+No+}"]),
        ("texts", {"sv": {"name": "Mikroskop"}}, {"sv": {"name": "Mikroskopi"}},
         ["Swedish, Name: [-Mikroskop-]{+Mikroskopi+}"]),
        ("specification", [{"name": "Lasers", "value": "3"}], [{"name": "Lasers", "value": "4"}],
         ["Lasers, Value: [-3-]{+4+}"]),
        ("contacts", [{"role": "Manager", "email": "a@b.org"}], [{"role": "Head", "email": "a@b.org"}],
         ["Head, Role: [-Manager-]{+Head+}"]),
        ("status", "draft", "published", ["[-Draft-]{+Published+}"]),
        ("status", None, "draft", ["{+Draft+}"]),
    ],
)  # fmt: skip
def test_each_field_is_told_in_words(app: Flask, field: str, before: Any, after: Any, expected: list[str]) -> None:
    with app.test_request_context():
        assert said(difference(field, before, after)) == expected


def price(amount: str, **more: Any) -> dict[str, Any]:
    return {"item": "Confocal", "group": "company", "basis": "hour", "amount": amount, "currency": "SEK"} | more


def test_a_new_amount_is_shown_within_its_line_of_the_price_list(app: Flask) -> None:
    cheap = price("100", group="academic")
    with app.test_request_context():
        changed = said(difference("prices", [cheap, price("800")], [cheap, price("900")]))
        gone = said(difference("prices", [cheap, price("800")], [cheap]))
    assert changed == ["Confocal, Company, SEK\N{NO-BREAK SPACE}[-800-]{+900+} per hour"]
    assert gone == ["[-Confocal, Company, SEK\N{NO-BREAK SPACE}800 per hour-]"]


def test_techniques_and_places_in_the_tree_are_called_by_name(app: Flask) -> None:
    category = Category(slug="imaging", labels={"en": "Imaging"})
    db.session.add(Technique(slug="confocal", category=category, labels={"en": "Confocal microscopy"}))
    db.session.commit()
    lab = add(Kind.FACILITY, "Lumen Imaging")
    assert said(difference("techniques", [], ["confocal"])) == ["{+Confocal microscopy+}"]
    assert said(difference("categories", ["imaging"], [])) == ["[-Imaging-]"]
    assert said(difference("parent", None, lab.id)) == ["{+Lumen Imaging+}"]
    names = names_in([{"techniques": [[], ["confocal"]]}, {"parent": [lab.id, None]}])
    assert said(difference("parent", lab.id, None, names)) == ["[-Lumen Imaging-]"]


def test_a_long_text_is_shown_near_its_changes_only(app: Flask) -> None:
    before = " ".join(f"word{n}" for n in range(400))
    after = before.replace("word200 ", "WORD ")
    [piece] = difference("description", before, after)
    shown = "".join(run.text for run in piece.runs)
    assert "WORD" in shown and "word200" in shown and "word199" in shown
    assert "word20 " not in shown and "…" in shown
    assert len(shown) < 500


def test_a_text_of_a_megabyte_is_compared_in_no_time(app: Flask) -> None:
    before = "\n".join(f"line {n} of it" for n in range(60_000))
    [piece] = difference("description", before, before.replace("line 500 ", "row 500 "))
    assert [run.mark for run in piece.runs] == ["same", "del", "ins", "same"]


def test_what_was_written_by_an_owner_is_never_markup(app: Flask) -> None:
    source = '{% from "manage/parts/difference.html" import difference %}{{ difference(pieces) }}'
    with app.test_request_context():
        html = render_template_string(source, pieces=difference("name", "", "<script>alert(1)</script>"))
    assert "<script>" not in html
    assert "<ins>" in html


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["a", "b", "cc", " ", "\n", "."]), max_size=24),
    st.lists(st.sampled_from("abc d"), max_size=24),
)
def test_any_two_texts_can_be_read_back_from_their_difference(before: list[str], after: list[str]) -> None:
    """What stayed and went is the text before; what stayed and came is the text after."""
    old, new = "".join(before), "".join(after)
    runs = [run for piece in difference("description", old, new, Names()) for run in piece.runs]
    assert "".join(run.text for run in runs if run.mark != "ins") == old
    assert "".join(run.text for run in runs if run.mark != "del") == new
