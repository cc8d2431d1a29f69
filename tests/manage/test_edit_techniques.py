"""Techniques are chosen by any of their names, with and without a script."""

import pytest
from flask import Flask

from facilities.catalogue.models import Listing
from facilities.catalogue.vocabulary.choosing import find_techniques
from tests.counting import statements
from tests.listings import small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.owners import said
from tests.people import add_user
from tests.vocabulary import fill_vocabulary


@pytest.fixture
def microscope(app: Flask) -> Listing:
    fill_vocabulary()
    return small_catalogue()[2]


@pytest.fixture
def manager(app: Flask, microscope: Listing) -> Editor:
    return Editor(app, add_user("Maria Manager", manager_of=microscope.parent))


def path_of(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/edit/techniques"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("FACS", "flow-cytometry"), ("flödescyt", "flow-cytometry"), ("konfokal", "confocal-microscopy"),
        ("cryo-EM", "cryo-electron-microscopy"), ("rasterkraft", "atomic-force-microscopy"),
    ],
)  # fmt: skip
def test_any_name_in_any_language_suggests_the_technique(
    microscope: Listing, manager: Editor, typed: str, slug: str
) -> None:
    answer = manager.client.get("/manage/techniques", query_string={"q": typed}).get_json()
    assert slug in [each["slug"] for each in answer["techniques"][:5]], answer


def test_suggestions_take_two_statements_and_nothing_typed_gives_nothing(microscope: Listing) -> None:
    find_techniques("anything")
    with statements() as sent:
        assert find_techniques("micro")
    assert len(sent) == 2
    assert find_techniques("  ") == []


def test_names_typed_into_the_box_are_looked_up(microscope: Listing, manager: Editor) -> None:
    answer = manager.save(path_of(microscope), technique_names="flödescytometri\nConfocal microscopy; AFM")
    assert answer.status_code == 303
    assert said(microscope, "techniques") == ["atomic-force-microscopy", "confocal-microscopy", "flow-cytometry"]


def test_a_name_that_is_not_one_technique_offers_several(microscope: Listing, manager: Editor) -> None:
    answer = manager.save(path_of(microscope), technique_names="confocal microscopy\ncytometr", keywords="kept")
    assert answer.status_code == 422
    form = form_in(answer.text, path_of(microscope))
    assert form.getlist("techniques") == ["confocal-microscopy"]
    assert (form["technique_names"], form["keywords"]) == ("cytometr", "kept")
    assert 'value="flow-cytometry"' in answer.text
    chosen = ["confocal-microscopy", "flow-cytometry"]
    assert manager.send(path_of(microscope), form, techniques=chosen, technique_names="").status_code == 303
    assert said(microscope, "techniques") == chosen


def test_a_name_nobody_knows_says_what_to_do(microscope: Listing, manager: Editor) -> None:
    answer = manager.save(path_of(microscope), technique_names="zzyzx")
    assert answer.status_code == 422
    assert "The vocabulary does not have “zzyzx”" in answer.text


def test_a_technique_is_taken_off_and_a_category_added(microscope: Listing, manager: Editor) -> None:
    manager.save(path_of(microscope), technique_names="AFM")
    words = "live cells\n\ndeep  tissue"
    manager.save(path_of(microscope), techniques=[], categories="light-microscopy", keywords=words)
    now = said(microscope)
    assert (now["techniques"], now["categories"]) == ([], ["light-microscopy"])
    assert now["keywords"] == ["live cells", "deep tissue"]


def test_labels_are_suggested_before_models(microscope: Listing) -> None:
    found = [each.label for each in find_techniques("micro")]
    assert found.index("Microscopy") < 3
