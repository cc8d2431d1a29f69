"""The vocabulary's files are consistent, and records get the techniques that people in the field expect."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary import Vocabulary, load_vocabulary
from facilities.catalogue.vocabulary.loading import FILES, read_techniques
from facilities.db import writing
from tests.conftest import running_app

Entry = dict[str, Any]
LANGUAGES = {"en", "sv", "nb", "da"}


def _read(name: str) -> list[Entry]:
    entries: list[Entry] = yaml.load((FILES / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return entries


TECHNIQUES = read_techniques()
TREE = _read("categories.yaml")
CATEGORIES = [entry for top in TREE for entry in (top, *top.get("children", []))]


TYPED = re.split(
    r",\s+",
    """UHPLC, CD, micro-CT, FIB-SEM, STORM, PALM, FT-ICR, QqQ, SBF-SEM, HCS, BET, SPR, ITC, DSC, qPCR, ddPCR, NGS,
    scRNA-seq, IMC, MALDI, cryo-EM, TEM, SEM, AFM, XRD, XPS, NMR, EPR, MRI, PET, SPECT, DLS, MST, BLI, SAXS, EXAFS,
    TIRF, FLIM, FRAP, FCS, SIM, STED, LSFM, HPLC-MS, GC-MS, ICP-MS, IRMS, TOF-SIMS, EBSD, EDX, FTIR, UV-Vis, CLEM,
    MINFLUX, ATAC-seq, ChIP-seq, Hi-C, CITE-seq, Visium, MERFISH, CODEX, Olink, SomaScan, Luminex, ELISA, HTS, MEA,
    patch clamp, EM, IR, OCT, PCS, SPM, MS, CT, GMP, GLP, GCP, CRO, CMO, CDMO, ADME, PK/PD, toxicology, IVD, MDR, QP,
    pharmacovigilance, biostatistics, data management, ATMP, viral vectors, fermentation, downstream, lyophilisation,
    fill and finish, BSL-3, cleanroom, e-beam lithography, ALD, PVD, CVD, reactive ion etching, FACSAria, CytoFLEX,
    LSM 880, LSM980, Krios, Q Exactive, timsTOF, NovaSeq, MinION, Biacore, Avance, D8 Advance, Opera Phenix, Äkta""",
)


def _terms(technique: Entry) -> Iterator[str]:
    yield from technique["labels"].values()
    for words in technique.get("synonyms", {}).values():
        yield from words
    yield from technique.get("abbreviations", [])
    yield from technique.get("models", [])


def _words_beside(technique: Entry) -> Iterator[str]:
    """The words that decide what an ambiguous word of a technique means."""
    yield from technique.get("clues", [])
    for words in technique.get("not_with", {}).values():
        yield from words


def _shared(names: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    """The names that lead to more than one owner, out of pairs of name and owner."""
    owners = defaultdict(set)
    for name, owner in names:
        owners[name].add(owner)
    return {name: slugs for name, slugs in owners.items() if len(slugs) > 1}


def test_ids_are_unique_and_made_for_addresses() -> None:
    ids = [technique["id"] for technique in TECHNIQUES] + [category["slug"] for category in CATEGORIES]
    assert [name for name in ids if fold(name).replace(" ", "-") != name] == []
    assert len(TECHNIQUES) == len({technique["id"] for technique in TECHNIQUES}) >= 400
    assert len(CATEGORIES) == len({category["slug"] for category in CATEGORIES})


def test_everything_has_a_label_in_each_language_of_the_site() -> None:
    entries = {entry.get("id") or entry["slug"]: entry["labels"] for entry in (*TECHNIQUES, *CATEGORIES)}
    assert {name: LANGUAGES - labels.keys() for name, labels in entries.items() if LANGUAGES - labels.keys()} == {}
    assert [name for name, labels in entries.items() if not all(text.strip() for text in labels.values())] == []


def test_finnish_and_german_labels_are_there_for_what_is_searched_most() -> None:
    assert sum("fi" in technique["labels"] for technique in TECHNIQUES) >= 150
    assert sum("de" in technique["labels"] for technique in TECHNIQUES) >= 600


def test_makers_model_families_imply_techniques() -> None:
    families = {fold(model) for technique in TECHNIQUES for model in technique.get("models", [])}
    assert len(families) >= 350


def test_what_people_type_is_known() -> None:
    known = {fold(term) for technique in TECHNIQUES for term in _terms(technique)}
    assert [word for word in TYPED if fold(word) not in known] == []


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


def test_a_word_means_one_technique_unless_ambiguous_in_all() -> None:
    shared = _shared((fold(term), technique["id"]) for technique in TECHNIQUES for term in _terms(technique))
    sure = {
        (fold(term), technique["id"])
        for technique in TECHNIQUES
        for term in _terms(technique)
        if term in technique["labels"].values() or term not in technique.get("ambiguous", [])
    }
    assert {name: owners for name, owners in shared.items() if any((name, owner) in sure for owner in owners)} == {}


def test_every_word_of_the_vocabulary_can_be_typed() -> None:
    words = [word for entry in TECHNIQUES for word in (*_terms(entry), *_words_beside(entry))]
    assert [word for word in words if not fold(word)] == []


def test_an_ambiguous_word_is_told_apart_by_single_words_beside_it() -> None:
    without = [entry["id"] for entry in TECHNIQUES if entry.get("ambiguous") and not entry.get("clues")]
    assert without == []
    assert [word for entry in TECHNIQUES for word in _words_beside(entry) if " " in word] == []


def test_words_beside_are_for_ambiguous_words_and_never_speak_for_and_against() -> None:
    for entry in TECHNIQUES:
        ambiguous, clues = set(entry.get("ambiguous", [])), set(map(fold, entry.get("clues", [])))
        assert set(entry.get("not_with", {})) <= ambiguous, entry["id"]
        assert not (clues and not ambiguous), entry["id"]
        assert all(fold(word) not in clues for words in entry.get("not_with", {}).values() for word in words), entry[
            "id"
        ]


def test_each_file_holds_one_subject_in_the_order_of_the_tree() -> None:
    for path in (FILES / "techniques").glob("*.yaml"):
        entries, top = _read(f"techniques/{path.name}"), next(top for top in TREE if top["slug"] == path.stem)
        order = [top["slug"], *(child["slug"] for child in top.get("children", []))]
        assert entries == sorted(entries, key=lambda entry: (order.index(entry["category"]), entry["id"])), path.name
        assert path.stat().st_size < 500_000


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


def test_ambiguous_words_in_a_name_are_judged_by_the_words_beside_them(vocabulary: Vocabulary) -> None:
    assert vocabulary.techniques_within("Cytek Aurora cytometer") >= {"spectral-flow-cytometry"}
    assert "spectral-flow-cytometry" not in vocabulary.techniques_within("Aurora Observatory")
    assert "positron-emission-tomography" in vocabulary.techniques_within("GE Signa PET")
    assert "positron-emission-tomography" not in vocabulary.techniques_within("Recycling of PET bottles")
    assert "in-situ-hybridization" not in vocabulary.techniques_within("FISH health laboratory")
    assert vocabulary.techniques_within("DIC microscope") >= {"dic-microscopy"}
    assert "digital-image-correlation" not in vocabulary.techniques_within("DIC microscope")


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
