"""Columns are recognised by their headings and values; cells are understood as people write them."""

from typing import Any

import pytest
from flask import Flask

from facilities.catalogue.models import Kind
from facilities.catalogue.vocabulary import Vocabulary
from facilities.exchange.tables.cells import plain, safe
from facilities.exchange.tables.fields import field_of
from facilities.exchange.tables.guessing import guess_columns
from facilities.exchange.tables.lines import as_cell, as_rows
from facilities.exchange.tables.mapping import understand
from facilities.exchange.tables.synonyms import JISC, UNIQUIP
from facilities.exchange.tables.values import Unclear, value_of

pytestmark = pytest.mark.usefixtures("app")


def guessed(**columns: list[str]) -> dict[str, str]:
    return {heading: guess.key for heading, guess in guess_columns(columns, Vocabulary()).items()}


def headings(*names: str) -> dict[str, str]:
    return {name: guess.key for name, guess in guess_columns({name: [] for name in names}, Vocabulary()).items()}


def test_uniquip_is_known_at_once_with_a_scheme_in_brackets() -> None:
    names = [name if name != "Technique" else "Technique(:N8)" for name in UNIQUIP if name != "Type"]
    expected = {name: UNIQUIP["Technique" if name.startswith("Technique") else name] for name in names}
    expected["Related Facility ID"] = "parent"
    assert headings(*names) == expected


def test_the_numbered_fields_of_jisc_are_known() -> None:
    names = ("1.2 institutionID", "1.4 name", "2.1 manufacturer", "2.3 commissionedDate", "3.2 contactEmail")
    assert headings(*names) == {name: JISC[name.split()[1]] for name in names}


def test_registers_of_the_neighbours_are_understood(app: Flask) -> None:
    assert headings("Betegnelse", "Produsent", "Serienummer", "Anleggsnummer") == {
        "Betegnelse": "name", "Produsent": "manufacturer", "Serienummer": "serial_number",
        "Anleggsnummer": "inventory_number",
    }  # fmt: skip
    assert headings("Bezeichnung", "Hersteller", "Raum") == {
        "Bezeichnung": "name", "Hersteller": "manufacturer", "Raum": "room"
    }  # fmt: skip
    assert headings("Nimi", "Valmistaja", "Malli") == {"Nimi": "name", "Valmistaja": "manufacturer", "Malli": "model"}


def test_unknown_headings_are_recognised_by_their_values() -> None:
    assert guessed(aaa=["a@b.se", "c@d.no"], bbb=["https://example.org"], ccc=["Zeiss", "Leica"], ddd=["Sverige"]) == {
        "aaa": "contacts.0.email", "bbb": "url", "ccc": "manufacturer", "ddd": "country"
    }  # fmt: skip


def test_a_type_is_a_kind_only_where_it_names_kinds() -> None:
    assert guessed(Name=["Sorter"], Type=["equipment", "facility"])["Type"] == "kind"
    assert guessed(Name=["Sorter"], Typ=["SH800"])["Typ"] == "model"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("lat", "59,85", 59.85), ("price.company", "1 250,50 kr", "1250.50"), ("price.company", "1,250.50", "1250.50"),
        ("quantity", "3", 3), ("acquired", "05/2021", "2021-05"), ("acquired", "17.5.2021", "2021-05-17"),
        ("available_until", "20261231", "2026-12-31"), ("country", "Ruotsi", "SE"), ("country", "no", "NO"),
        ("access.booking_required", "Ja", True), ("access.groups", "Academia, companies", ["academia", "companies"]),
        ("language", "Svenska", "sv"), ("kind", "Utrustning", "instrument"), ("price.basis", "per timme", "hour"),
        ("keywords", "a; b | c", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_cells_are_understood_as_people_write_them(key: str, text: str, value: Any) -> None:
    field = field_of(key)
    assert field is not None and value_of(field, text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [("price.company", "1,250"), ("quantity", "many"), ("available_until", "31 Feb"), ("country", "Atlantis"),
     ("access.training", "perhaps"), ("access.booking_required", "maybe"), ("prices", "a lot")],
)  # fmt: skip
def test_what_cannot_be_understood_says_what_to_write(key: str, text: str) -> None:
    field = field_of(key)
    assert field is not None
    with pytest.raises(Unclear, match=r"(?i)write"):
        value_of(field, text)


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "'=x", "''-x", "-12.5", "Plain", "'quoted'", "\tx"])
def test_formulas_are_made_harmless_and_back(text: str) -> None:
    assert plain(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "@", "\t"))


def test_rows_in_a_cell_survive_every_mark() -> None:
    rows = [{"name": "Laser; red", "value": "a=b\\c\nd"}, {"name": "x", "value": "y"}]
    assert as_rows("specification", as_cell(rows)) == rows


def test_a_contact_without_an_address_and_an_unknown_technique_are_noted() -> None:
    cells = {"name": "Sorter", "contacts.0.name": "Anna", "techniques": "Wizardry"}
    understood = understand(7, cells, kind=Kind.INSTRUMENT, vocabulary=Vocabulary())
    assert [(problem.field, problem.fatal) for problem in understood.problems] == [
        ("contacts.0.email", False), ("techniques", False)
    ]  # fmt: skip
    assert understood.fields["keywords"] == ["Wizardry"]


def test_part_of_the_access_terms_leaves_the_rest() -> None:
    said = {"name": "Sorter", "access": {"groups": ["academia"], "conditions": "Ask first."}}
    cells = {"access.groups": "companies"}
    understood = understand(1, cells, kind=Kind.INSTRUMENT, vocabulary=Vocabulary(), said=said)
    assert understood.fields == {"access": {"groups": ["companies"], "conditions": "Ask first."}}
