"""Words are found however they are written."""

import pytest

from search_index import Index, Query
from tests.search_index.listings import listing

SAME_WORD = [
    ("sv", "flödescytometri", "flodescytometri"),
    ("sv", "flödescytometri", "FLÖDESCYTOMETRI"),
    ("sv", "Läkemedel", "laekemedel"),
    ("nb", "kjærlighet", "kjærlighet"),
    ("nb", "kjærlighet", "kjaerlighet"),
    ("nb", "kjærlighet", "kjarlighet"),
    ("nb", "kjærlighet", "kjärlighet"),
    ("da", "Møller", "moller"),
    ("da", "Møller", "Moeller"),
    ("da", "Møller", "Möller"),
    ("da", "Moeller", "Møller"),
    ("da", "Moeller", "Moller"),
    ("da", "Århus", "aarhus"),
    ("da", "Aarhus", "Århus"),
    ("da", "Aarhus", "arhus"),
    ("de", "Röntgenröhre", "roentgenroehre"),
    ("de", "Großgerät", "grossgeraet"),
    ("de", "Prüfstand", "pruefstand"),
    ("de", "Pruefstand", "Prüfstand"),
    ("en", "café", "cafe\u0301"),
    ("en", "Encyclopædia", "encyclopaedia"),
]

INFLECTED = [
    ("en", "two confocal microscopes", "microscope"),
    ("en", "a microscope", "microscopes"),
    ("en", "sequencing of genomes", "genome"),
    ("en", "values", "value"),
    ("sv", "mikroskopen i källaren", "mikroskop"),
    ("sv", "ett mikroskop", "mikroskopet"),
    ("sv", "läkemedlen", "läkemedlens"),
    ("nb", "laboratoriene", "laboratorier"),
    ("nb", "radioen", "radio"),
    ("nn", "undersøkingar", "undersøkinga"),
    ("da", "målinger af celler", "måling"),
    ("da", "møllerne", "mølle"),
    ("de", "die Messungen", "Messung"),
    ("de", "Geräte", "geraet"),
    ("", "laboratorierna", "laboratoriernas"),
    ("", "microscopes", "microscope"),
]

NAMES = [
    ("LSM880", "LSM 880"),
    ("LSM880", "lsm-880"),
    ("LSM 880", "LSM880"),
    ("LSM 880", "lsm_880"),
    ("Zeiss LSM-880 NLO", "lsm880nlo"),
    ("Q-Exactive HF-X", "QExactive HFX"),
    ("Q-Exactive HF-X", "q exactive hf x"),
    ("QExactive HFX", "Q-Exactive HF-X"),
    ("Q Exactive HF X", "qexactive hfx"),
    ("QExactive", "exactive"),
    ("7T scanner", "7 T"),
    ("7 T scanner", "7T"),
    ("7-T scanner", "7t"),
    ("600MHz", "600 MHz"),
    ("600 MHz", "600mhz"),
    ("cryo-EM", "cryoEM"),
    ("cryo-EM", "cryo EM"),
    ("cryoEM", "cryo-em"),
    ("cryoEM", "cryo em"),
    ("cryo EM", "cryoem"),
    ("FACSAria III", "FACS Aria"),
    ("FACSAria III", "facs"),
    ("FACS Aria III", "FACSAria"),
    ("FACS Aria III", "facsaria"),
    ("BD FACSAria", "facsaria"),
    ("FACSAria III", "FACSAriaIII"),
    ("X-ray", "xray"),
    ("xray", "x ray"),
]


@pytest.mark.parametrize(("language", "written", "typed"), SAME_WORD)
def test_letters_meet_in_every_spelling(index: Index, language: str, written: str, typed: str) -> None:
    index.apply([listing(1, written, language=language), listing(2, "something else")], [])
    assert index.search(Query(typed)).ids == [1]


@pytest.mark.parametrize(("language", "written", "typed"), INFLECTED)
def test_inflections_meet_in_the_language_of_the_text(index: Index, language: str, written: str, typed: str) -> None:
    index.apply([listing(1, written, language=language), listing(2, "something else")], [])
    assert index.search(Query(typed)).ids == [1]


@pytest.mark.parametrize(("written", "typed"), NAMES)
def test_names_of_models_are_found_as_people_type_them(index: Index, written: str, typed: str) -> None:
    others = [
        listing(2, "LSM 700 and 800 MHz at 3 T"),
        listing(3, "an X and a cryostat, FACS"),
        listing(4, "7"),
    ]
    index.apply([listing(1, "Instrument", model=written), *others[: 1 if typed == "facs" else 3]], [])
    assert index.search(Query(typed)).ids == [1]


def test_a_stem_of_one_language_does_not_meet_a_text_in_another(index: Index) -> None:
    index.apply([listing(1, "Las Palmas"), listing(2, "läsa", language="sv"), listing(3, "laser")], [])
    assert index.search(Query("laser")).ids[0] == 3
    assert 1 not in index.search(Query("laser")).ids


def test_a_number_is_not_found_inside_another(index: Index) -> None:
    index.apply([listing(1, "founded 1880"), listing(2, "2.5 tonnes"), listing(3, "25 tonnes")], [])
    assert index.search(Query("880")).total == 0
    assert index.search(Query("25")).ids == [3]
    assert index.search(Query("2.5")).ids == [2]


def test_a_phrase_does_not_cross_from_one_text_to_the_next(index: Index) -> None:
    index.apply([listing(1, "One", keywords="flow"), listing(2, "Flow", "cytometry", keywords="x")], [])
    assert index.search(Query('"flow cytometry"')).total == 0


def test_an_abbreviation_in_capitals_is_not_inflected(index: Index) -> None:
    index.apply([listing(1, "A SEM"), listing(2, "Two sems")], [])
    assert index.search(Query("SEM")).ids == [1]
    assert set(index.search(Query("sem")).ids) == {1, 2}
