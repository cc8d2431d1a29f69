"""The vocabulary's files are consistent, and records get the techniques that people in the field expect."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary import Vocabulary, load_vocabulary
from facilities.catalogue.vocabulary.loading import FILES
from facilities.db import writing
from tests.conftest import running_app

Entry = dict[str, Any]
LANGUAGES = {"en", "sv", "nb", "da"}


def _read(name: str) -> list[Entry]:
    entries: list[Entry] = yaml.load((FILES / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return entries


TECHNIQUES = _read("techniques.yaml")
TREE = _read("categories.yaml")
CATEGORIES = [entry for top in TREE for entry in (top, *top.get("children", []))]


def _terms(technique: Entry) -> Iterator[str]:
    yield from technique["labels"].values()
    for words in technique.get("synonyms", {}).values():
        yield from words
    yield from technique.get("abbreviations", [])
    yield from technique.get("models", [])


def _shared(names: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    """The names that lead to more than one owner, out of pairs of name and owner."""
    owners = defaultdict(set)
    for name, owner in names:
        owners[name].add(owner)
    return {name: slugs for name, slugs in owners.items() if len(slugs) > 1}


def test_ids_are_unique_and_made_for_addresses() -> None:
    ids = [technique["id"] for technique in TECHNIQUES] + [category["slug"] for category in CATEGORIES]
    assert [name for name in ids if fold(name).replace(" ", "-") != name] == []
    assert len(TECHNIQUES) == len({technique["id"] for technique in TECHNIQUES}) >= 320
    assert len(CATEGORIES) == len({category["slug"] for category in CATEGORIES})


def test_everything_has_a_label_in_each_language_of_the_site() -> None:
    entries = {entry.get("id") or entry["slug"]: entry["labels"] for entry in (*TECHNIQUES, *CATEGORIES)}
    assert {name: LANGUAGES - labels.keys() for name, labels in entries.items() if LANGUAGES - labels.keys()} == {}
    assert [name for name, labels in entries.items() if not all(text.strip() for text in labels.values())] == []


def test_categories_describe_themselves_and_have_two_levels() -> None:
    assert [category["slug"] for category in CATEGORIES if not category["description"]["en"]] == []
    assert [top["slug"] for top in TREE if len(top.get("children", [])) > 5] == []
    assert [child["slug"] for top in TREE for child in top.get("children", []) if "children" in child] == []


def test_a_name_means_one_category() -> None:
    names = (
        (fold(name), category["slug"])
        for category in CATEGORIES
        for name in (category["slug"], *category["labels"].values(), *category.get("aliases", []))
    )
    assert _shared(names) == {}


def test_every_technique_is_in_a_category() -> None:
    slugs = {category["slug"] for category in CATEGORIES}
    assert [technique["id"] for technique in TECHNIQUES if technique["category"] not in slugs] == []


def test_broader_techniques_exist_and_never_go_in_a_circle() -> None:
    broader = {technique["id"]: technique.get("broader") for technique in TECHNIQUES}
    for start in broader:
        passed, place = set(), start
        while (place := broader[place]) is not None:
            assert place != start and place not in passed, f"{start} is broader than itself"
            passed.add(place)


def test_a_word_means_one_technique_unless_marked_ambiguous() -> None:
    names = (
        (fold(term), technique["id"])
        for technique in TECHNIQUES
        for term in _terms(technique)
        if term not in technique.get("ambiguous", [])
    )
    assert _shared(names) == {}


def test_only_words_of_a_technique_are_marked_ambiguous() -> None:
    strays = {entry["id"]: set(entry.get("ambiguous", [])) - set(_terms(entry)) for entry in TECHNIQUES}
    assert {name: words for name, words in strays.items() if words} == {}


def test_an_identifier_elsewhere_is_the_same_as_one_technique() -> None:
    assert _shared((name, entry["id"]) for entry in TECHNIQUES for name in entry.get("same_as", [])) == {}


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    with running_app(tmp_path_factory.mktemp("vocabulary")):
        writing()
        load_vocabulary()
        return Vocabulary.load()


@pytest.mark.parametrize(
    ("text", "technique"),
    [
        ("FACSAria III", "cell-sorting"),
        ("Thermo Scientific Q Exactive HF-X", "orbitrap-mass-spectrometry"),
        ("Raith EBPG 5200 electron beam writer", "electron-beam-lithography"),
        ("Zeiss LSM 980 confocal microscope", "confocal-microscopy"),
        ("HPC cluster for sensitive data", "high-performance-computing"),
        ("JEOL JSM-7800F SEM", "scanning-electron-microscopy"),
    ],
)
def test_a_name_gives_its_technique_away(vocabulary: Vocabulary, text: str, technique: str) -> None:
    assert technique in vocabulary.techniques_within(text)


@pytest.mark.parametrize(
    ("keyword", "technique"),
    [
        ("FACS", "flow-cytometry"),
        ("flödescytometri", "flow-cytometry"),
        ("Masspektrometri", "mass-spectrometry"),
        ("svepelektronmikroskopi", "scanning-electron-microscopy"),
        ("renrum", "clean-room"),
        ("sveipeelektronmikroskopi", "scanning-electron-microscopy"),
        ("vindtunnel", "wind-tunnel-testing"),
        ("massespektrometri", "mass-spectrometry"),
        ("CHMO:0000073", "scanning-electron-microscopy"),
    ],
)
def test_a_keyword_in_any_language_is_understood(vocabulary: Vocabulary, keyword: str, technique: str) -> None:
    assert technique in vocabulary.techniques_called(keyword)


def test_an_ambiguous_abbreviation_counts_only_in_capitals(vocabulary: Vocabulary) -> None:
    assert vocabulary.techniques_called("SEM") == {"scanning-electron-microscopy"}
    assert vocabulary.techniques_called("sem") == set()
    assert vocabulary.techniques_within("Institutt i Sem") == set()


@pytest.mark.parametrize(
    ("name", "not_this"),
    [
        ("Magnetic Field Laboratory", "field-station"),
        ("Greenhouse gas analyser", "plant-growth-facilities"),
        ("Biolayer interferometry system", "photonics-testing"),
        ("Huygens Institute for History", "image-analysis"),
        ("Leica Microsystems", "mems-fabrication"),
    ],
)
def test_common_words_in_a_name_are_not_techniques(vocabulary: Vocabulary, name: str, not_this: str) -> None:
    assert not_this not in vocabulary.techniques_within(name)


def test_what_registers_write_as_category_leads_to_one(vocabulary: Vocabulary) -> None:
    assert vocabulary.category_called("Micro- and Nanotechnology facilities") == "nanofabrication"
    assert vocabulary.category_called("Earth and Environmental Sciences") == "environment-earth"
    assert vocabulary.category_called("ESFRI landscape") is None
