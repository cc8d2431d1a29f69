"""Browsing by technique and by category."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Category, Listing, Status, Technique
from facilities.catalogue.queries.browse import TechniqueCount, category_tree, newest_ids, technique_counts
from facilities.catalogue.views.browse import by_letter
from facilities.db import db
from tests.counting import statements
from tests.listings import small_catalogue


def tree_with_listings() -> tuple[Category, Category]:
    """A category with one child: the microscope is in both, its facility in the child only."""
    _university, facility, microscope = small_catalogue()
    top = Category(slug="imaging", labels={"en": "Imaging", "sv": "Avbildning"}, descriptions={"en": "Seeing things."})
    child = Category(slug="light", labels={"en": "Light microscopy"}, parent=top, position=1)
    unused = Category(slug="probes", labels={"en": "Scanning probes"}, parent=top, position=2)
    confocal = Technique(slug="confocal", labels={"en": "Confocal microscopy"}, category=child)
    db.session.add_all([unused, confocal, Technique(slug="afm", labels={"en": "Force microscopy"}, category=child)])
    microscope.categories, microscope.techniques = [top, child], [confocal]
    facility.categories = [child]
    db.session.commit()
    return top, child


def test_a_category_counts_the_listings_of_its_children_once(app: Flask) -> None:
    tree_with_listings()

    (top,) = category_tree()

    assert (top.category.slug, top.count) == ("imaging", 2)
    assert [(child.category.slug, child.count) for child in top.children] == [("light", 2), ("probes", 0)]


def test_the_category_tree_is_one_statement(app: Flask) -> None:
    tree_with_listings()

    with statements() as sent:
        category_tree()

    assert len(sent) == 1


def test_withdrawn_and_draft_listings_are_not_counted(app: Flask) -> None:
    _top, child = tree_with_listings()
    for listing in db.session.scalars(sa.select(Listing)):
        listing.status = Status.DRAFT
    db.session.commit()

    assert category_tree()[0].count == 0
    assert technique_counts() == []
    assert newest_ids([child.id], 5) == []


def test_categories_page_links_what_has_listings(client: FlaskClient) -> None:
    tree_with_listings()

    page = client.get("/categories").text

    assert 'href="/categories/imaging"' in page
    assert 'href="/categories/light"' in page
    assert 'href="/categories/probes"' not in page
    assert "Scanning probes" in page


def test_category_page_tells_what_is_in_it(client: FlaskClient) -> None:
    tree_with_listings()

    with statements() as sent:
        page = client.get("/categories/imaging").text

    assert "Seeing things." in page
    assert 'href="/search?category=imaging"' in page
    assert "See all 2 listings" in page
    assert 'href="/search?technique=confocal"' in page
    assert "Zeiss LSM 880" in page
    assert len(sent) <= 6, sent


def test_category_page_leads_back_to_its_parent(client: FlaskClient) -> None:
    tree_with_listings()

    assert '<li><a href="/categories/imaging">Imaging</a></li>' in client.get("/categories/light").text


def test_category_without_listings_says_so(client: FlaskClient) -> None:
    tree_with_listings()

    page = client.get("/categories/probes").text

    assert "Nothing is listed here yet" in page
    assert "/search?category=probes" not in page


def test_unknown_category_is_not_found(client: FlaskClient) -> None:
    assert client.get("/categories/alchemy").status_code == 404


def test_techniques_page_lists_only_techniques_with_listings(client: FlaskClient) -> None:
    tree_with_listings()

    page = client.get("/techniques").text

    assert '<a href="/search?technique=confocal">Confocal microscopy</a> <span class="count">1</span>' in page
    assert "Force microscopy" not in page
    assert '<a href="#C">C</a>' in page


def test_techniques_page_of_an_empty_catalogue_says_so(client: FlaskClient) -> None:
    assert "No listing names a technique yet" in client.get("/techniques").text


def letters(labels: list[str], language: str) -> dict[str, list[str]]:
    techniques = [TechniqueCount(label, label, 1) for label in labels]
    return {letter: [entry.label for entry in entries] for letter, entries in by_letter(techniques, language)}


def test_accented_letters_are_filed_under_the_plain_one_in_english() -> None:
    assert letters(["Förster transfer", "FRAP", "Øre test", "2D gels"], "en") == {
        "#": ["2D gels"],
        "F": ["Förster transfer", "FRAP"],
        "O": ["Øre test"],
    }


def test_northern_letters_stand_at_the_end_of_their_own_alphabet() -> None:
    assert list(letters(["Ångmätning", "Zoom", "Ögonavbildning", "Analys"], "sv")) == ["A", "Z", "Å", "Ö"]
    assert list(letters(["Åndedræt", "Øre", "Analyse"], "da")) == ["A", "Ø", "Å"]
