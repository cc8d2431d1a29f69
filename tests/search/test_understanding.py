"""What a visitor's words are understood to mean."""

from collections.abc import Iterator
from time import perf_counter

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.catalogue.models import Kind, TermKind
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.db import db, writing
from facilities.search.understanding import Understood, forget, lexicon, understand
from search_index import words_in
from tests.conftest import running_app
from tests.listings import add


@pytest.fixture(scope="module", autouse=True)
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole vocabulary, and four universities."""
    with running_app(tmp_path_factory.mktemp("understanding")) as app:
        writing()
        load_vocabulary()
        db.session.commit()
        add(Kind.ORGANISATION, "University of Oslo (UiO)", city="Oslo", country="NO")
        add(Kind.ORGANISATION, "Karolinska Institutet (KI)", city="Solna", country="SE")
        add(Kind.ORGANISATION, "University of Copenhagen", city="København", country="DK")
        add(Kind.ORGANISATION, "Mars (United States)", country="US")
        yield app


@pytest.fixture
def page(catalogue: Flask) -> Iterator[None]:
    """A request, for labels in the visitor's language."""
    with catalogue.test_request_context("/search"):
        yield


def named(said: Understood, kind: str) -> list[str]:
    return [part.value for part in said.parts if part.kind == kind]


def techniques(query: str) -> list[str]:
    return named(understand(query), "technique")


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("flow cytometry", "flow-cytometry"),
        ("flow cytometers", "flow-cytometry"),
        ("FACS", "flow-cytometry"),
        ("flödescytometri", "flow-cytometry"),
        ("flödescytometern", "flow-cytometry"),
        ("floedescytometri", "flow-cytometry"),
        ("flodescytometri", "flow-cytometry"),
        ("flowcytometri", "flow-cytometry"),
        ("Durchflusszytometrie", "flow-cytometry"),
        ("svepelektronmikroskopet", "scanning-electron-microscopy"),
        ("rasterelektronmikroskop", "scanning-electron-microscopy"),
        ("flow", "flow-cytometry"),
        ("CNC", "mechanical-workshop"),
        ("skadeanalys", "materials-characterization"),
        ("massespektrometri", "mass-spectrometry"),
        ("konfokalmikroskoper", "confocal-microscopy"),
        ("kryo-EM", "cryo-electron-microscopy"),
        ("kryo EM", "cryo-electron-microscopy"),
        ("kryoEM", "cryo-electron-microscopy"),
        ("KRYO-EM", "cryo-electron-microscopy"),
        ("masspektrometrilaboratorium", "mass-spectrometry"),
        ("flödescytometriplattform", "flow-cytometry"),
        ("giftighetstester", "toxicology"),
        ("strekktesting", "mechanical-testing"),
        ("korrosionsprovningar", "corrosion-testing"),
        ("BLI octet", "biolayer-interferometry"),
        ("MEG of children", "magnetoencephalography"),
    ],
)
def test_a_technique_is_recognised_in_any_language_inflection_and_spelling(query: str, slug: str) -> None:
    assert techniques(query) == [slug]


def test_a_technique_is_also_answered_by_narrower_ones_with_less_weight() -> None:
    (meaning,) = understand("flow cytometry").meanings
    tags = {said.tag: said.weight for said in meaning.alternatives if said.tag}
    texts = {said.text: said.weight for said in meaning.alternatives if said.text}
    assert tags["flow-cytometry"] > tags["cell-sorting"] > 0
    assert texts["flödescytometri".capitalize()] > texts["FACSAria"] > 0


def test_the_longest_name_is_believed() -> None:
    assert techniques("imaging flow cytometry") == ["imaging-flow-cytometry"]


def test_an_ambiguous_abbreviation_counts_when_it_is_all_that_was_typed() -> None:
    assert techniques("SEM") == techniques("sem") == ["scanning-electron-microscopy"]


def test_an_ambiguous_abbreviation_among_other_words_needs_capitals_or_a_clue() -> None:
    assert techniques("SEM of leaf surfaces") == ["scanning-electron-microscopy"]
    assert techniques("autumn sem calendar") == []
    assert techniques("PALM OIL PRICES") == []
    assert "scanning-electron-microscopy" in techniques("sem with electron gun")


def test_an_abbreviation_that_is_a_word_of_a_language_counts_in_capitals_among_other_words() -> None:
    assert techniques("BLI") == techniques("BLI med mus")
    assert techniques("kan bli dyrt") == techniques("bra meg") == []
    assert techniques("WHERE IS THE NMR") == ["nmr-spectroscopy"]


@pytest.mark.parametrize(
    ("query", "other_words"),
    [
        ("toksikologi rotter", {"rat", "rats", "råttor", "Ratten"}),
        ("tungmetaller i fisk", {"fish", "Fische"}),
        ("hållfasthet stål", {"steel", "Stahl"}),
        ("children", {"børn", "Kinder"}),
        ("barn", {"children"}),
    ],
)
def test_an_everyday_word_is_also_looked_for_in_other_languages(query: str, other_words: set[str]) -> None:
    (meaning,) = [meaning for meaning in understand(query).meanings if meaning.key.startswith("everyday")]
    assert other_words <= {said.text for said in meaning.alternatives}


def test_an_everyday_word_that_means_something_else_elsewhere_is_not_looked_for() -> None:
    assert "barn" not in {said.text for meaning in understand("children").meanings for said in meaning.alternatives}


def test_a_model_leads_to_its_technique_only_as_something_similar() -> None:
    said = understand("FACSAria")
    assert not said.meanings
    assert [meaning.key.split("@")[0] for meaning in said.similar] == ["cell-sorting"]


@pytest.mark.parametrize(
    ("query", "text", "label"),
    [
        ("kryo-EM nära Uppsala", "kryo-EM", "Uppsala"),
        ("confocal microscopy Åbo", "confocal microscopy", "Turku"),
        ("confocal microscopy åbo", "confocal microscopy", "Turku"),
        ("mass spec Copenhagen", "mass spec", "København"),
        ("Massenspektrometrie bei Kopenhagen", "Massenspektrometrie", "København"),
        ("mikroskop i Gøteborg", "mikroskop", "Göteborg"),
        ("microscopy in Kristiania", "microscopy", "Oslo"),
        ("NMR close to Lund", "NMR", "Lund"),
        ("NMR, Lund", "NMR,", "Lund"),
        ("NMR i Os", "NMR", "Os"),
        ("proteomik i Skåne", "proteomik", "Skåne"),
    ],
)
def test_a_place_in_any_language_becomes_a_preference(page: None, query: str, text: str, label: str) -> None:
    said = understand(query)
    assert (said.text, [part.label for part in said.parts if part.kind == "place"]) == (text, [label])
    assert said.near is not None


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("flow cytometry in Norway", ("NO",)),
        ("flödescytometri i Norge", ("NO",)),
        ("Durchflusszytometrie Schweden", ("SE",)),
        ("NMR Scandinavia", ("SE", "NO", "DK")),
        ("danish flow cytometry", ("DK",)),
        ("svenska elektronmikroskop", ("SE",)),
    ],
)
def test_a_country_becomes_a_preference(query: str, codes: tuple[str, ...]) -> None:
    assert understand(query).prefer["country"] == codes


@pytest.mark.parametrize(
    "query",
    [
        "in vivo imaging",
        "in situ hybridisation",
        "lens cleaning",
        "reading room",
        "a nice bath",
        "os",
        "NMR os",
        "time machine",
        "in time",
        "kemi",
        "at gram scale",
    ],
)
def test_words_that_are_also_names_of_towns_stay_words(query: str) -> None:
    said = understand(query)
    assert (said.text, said.near) == (query, None)


def test_a_place_that_is_all_that_was_typed_is_looked_for_by_all_its_names() -> None:
    said = understand("Åbo")
    assert said.text == "Åbo"
    assert {"turku", "abo"} <= {each.text for each in said.meanings[0].alternatives}
    assert said.near is not None


@pytest.mark.parametrize(
    "query",
    [
        "Universitetet i Oslo", "UiO", "university of oslo", "Oslo University", "Universität Oslo", "Oslo universitet",
        "Univ of Oslo", "Oslo Univ", "Uni Oslo",
    ],
)  # fmt: skip
def test_an_organisation_is_known_by_all_its_names(query: str) -> None:
    said = understand(f"NMR {query}")
    assert [part.label for part in said.parts if part.kind == "organisation"] == ["University of Oslo"]
    assert said.text == f"NMR {query}"
    assert "University of Oslo" in {each.text for each in said.meanings[-1].alternatives}


def test_a_short_abbreviation_of_an_organisation_counts_in_capitals_only() -> None:
    assert named(understand("proteomics at KI"), "organisation")
    assert not named(understand("proteomics at ki"), "organisation")
    assert not named(understand("rocks from mars"), "organisation")
    assert named(understand("Københavns Universitet"), "organisation")


def test_an_organisation_added_later_is_known_at_the_next_question() -> None:
    assert not named(understand("Zirkelbund Institute"), "organisation")
    add(Kind.ORGANISATION, "Zirkelbund Institute")
    forget()
    assert named(understand("Zirkelbund Institute"), "organisation")


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("proteomics open to companies", {"access": ("companies",)}),
        ("proteomik öppen för företag", {"access": ("companies",)}),
        ("proteomikk åpent for bedrifter", {"access": ("companies",)}),
        ("proteomics for virksomheder", {"access": ("companies",)}),
        ("Proteomik für Unternehmen", {"access": ("companies",)}),
        ("mail-in sequencing", {"mode": ("mail_in",)}),
        ("skicka prover proteomik", {"mode": ("mail_in",)}),
        ("Proteomik Proben einsenden", {"mode": ("mail_in",)}),
        ("remote NMR", {"mode": ("remote",)}),
        ("remote sensing", {}),
    ],
)
def test_a_need_becomes_a_filter(page: None, query: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert understand(query).filters == filters


def test_a_standard_is_found_in_all_its_spellings(page: None) -> None:
    said = understand("ISO 15189 blood samples")
    assert "15189" in {each.text for meaning in said.meanings for each in meaning.alternatives}
    assert [part.label for part in said.parts if part.kind == "need"] == ["ISO 15189"]


def test_words_like_core_facility_are_a_preference_beside_a_technique(page: None) -> None:
    said = understand("NMR core facility")
    assert (said.text, said.prefer) == ("NMR", {"kind": ("facility",)})
    assert understand("core facility").text == "core facility"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("vi behöver mäta partikelstorlek", "partikelstorlek"),
        ("hvem kan måle partikelstørrelse", "partikelstørrelse"),
        ("where can I get my proteomics samples analysed", "proteomics"),
        ("Wo kann ich NMR messen lassen?", "NMR ?"),
        ("mäta fukt", "mäta fukt"),
    ],
)
def test_what_is_to_be_done_is_dropped_only_beside_the_technique_that_does_it(
    page: None, query: str, text: str
) -> None:
    assert understand(query).text == text


def test_what_stands_in_a_listing_word_for_word_is_not_taken_apart() -> None:
    said = understand("Turku Bioimaging", stands=lambda text: text == "Turku Bioimaging")
    assert (said.text, said.near) == ("Turku Bioimaging", None)


def test_words_may_be_taken_literally() -> None:
    assert understand("FACS Lund", literal=["FACS", "Lund"]) == Understood("FACS Lund")


def test_quotes_minus_and_stars_are_left_as_they_are() -> None:
    for query in ('"flow cytometry"', '-"flow cytometry" -Lund', "-FACS", "FACS*", '"in Lund"', "„in Lund“"):
        assert understand(query) == Understood(query)


def test_either_side_of_or_has_its_own_meaning(page: None) -> None:
    said = understand("FACS OR NMR OR Lund")
    assert named(said, "technique") == ["flow-cytometry", "nmr-spectroscopy"]
    assert said.text == "FACS OR NMR OR Lund"


def test_an_ambiguous_abbreviation_needs_no_clue_from_the_other_side_of_or(page: None) -> None:
    assert techniques("SEM OR TEM") == ["scanning-electron-microscopy", "transmission-electron-microscopy"]


def test_a_word_that_is_short_for_a_technique_needs_a_clue_among_others() -> None:
    assert techniques("flow of sorted cells") == ["flow-cytometry"]
    assert techniques("gas flow meter") == []


def test_models_and_abbreviations_are_looked_for_just_as_they_are(catalogue: Flask) -> None:
    for concept in lexicon().techniques.concepts.values():
        terms = [term for each in (concept, *concept.narrower) for term in each.terms]
        names = {term.text.casefold() for term in terms if term.kind in (TermKind.MODEL, TermKind.ABBREVIATION)}
        words = {term.text.casefold() for term in terms if term.kind in (TermKind.LABEL, TermKind.SYNONYM)}
        said = {each.text.casefold() for each in concept.alternatives if each.text and not each.exact}
        assert not said & (names - words), concept.slug


def test_a_technique_is_not_looked_for_by_short_abbreviations_of_narrower_ones(catalogue: Flask) -> None:
    for concept in lexicon().techniques.concepts.values():
        below = [term for each in concept.narrower for term in each.terms]
        short = {term.text for term in below if term.kind == TermKind.ABBREVIATION and len(term.text) < 5}
        other = {term.text for term in (*concept.terms, *below) if term.kind != TermKind.ABBREVIATION}
        own = {term.text for term in concept.terms}
        assert not {each.text for each in concept.alternatives} & (short - other - own), concept.slug


@pytest.mark.parametrize(
    ("query", "text", "ranges"),
    [
        ("proteomics under 8 weeks", "proteomics", {"lead": "-40"}),
        ("proteomik inom 4 veckor", "proteomik", {"lead": "-20"}),
        ("proteomikk innen to uker", "proteomikk", {"lead": "-10"}),
        ("Proteomik innerhalb von 30 Tagen", "Proteomik", {"lead": "-30"}),
        ("proteomics within the next 2 months", "proteomics", {"lead": "-42"}),
        ("cheap proteomics", "proteomics", {"price": "-2"}),
        ("billig proteomik inom en vecka", "proteomik", {"price": "-2", "lead": "-5"}),
        ("günstige Proteomik", "Proteomik", {"price": "-2"}),
        ("proteomics by March", "proteomics", {}),
        ("proteomik senast i mars 2027", "proteomik", {}),
        ("Proteomik bis Ende Mai", "Proteomik", {}),
        ("mice of 8 weeks", "mice of 8 weeks", {}),
        ("proteomics in 9999 days", "proteomics in 9999 days", {}),
    ],
)
def test_price_and_deadline_become_ranges(page: None, query: str, text: str, ranges: dict[str, str]) -> None:
    said = understand(query)
    assert (said.text, {name: str(each) for name, each in said.ranges.items()}) == (text, ranges)
    assert named(said, "need") == [f"{name}={each}" for name, each in ranges.items()]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("FACS machine", ("instrument",)),
        ("HPLC apparaten", ("instrument",)),
        ("HPLC service", ("service",)),
        ("FACS core", ("facility",)),
        ("HPLC", ("instrument", "facility")),
        ("toxicology", ()),
    ],
)
def test_the_kind_that_is_named_comes_first_and_services_behind_instruments_otherwise(
    page: None, query: str, kinds: tuple[str, ...]
) -> None:
    assert understand(query).prefer.get("kind", ()) == kinds


def test_meanings_number_the_words_that_are_left(page: None) -> None:
    said = understand("near Uppsala an open source GMP cryo-EM for industry")
    words = [word.folded for word in words_in(said.text)]
    spoken = {tuple(words[meaning.start : meaning.end]) for meaning in said.meanings}
    assert {("gmp",), ("cryo", "em")} & spoken
    assert said.filters == {"access": ("companies",)}


PIECES = [
    *'"-*()OR', " ", "  ", "OR", "-", '"', "FACS", "SEM", "ms", "i", "in", "near", "Lund", "Åbo", "Os", "KI", "UiO",
    "GMP", "ISO", "17025", "open to companies", "skicka prover", "LSM", "880", "7", "T", "cryo", "EM", "Universitetet",
    "core", "facility", "where", "can", "x" * 60, "\u0301", "\u2019", "ß", "İ", "\u202e", "\x00", "中文", "🧬",
]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_nothing_that_is_typed_raises(page: None, query: str) -> None:
    said = understand(query)
    count = len(words_in(said.text))
    assert all(0 <= meaning.start < meaning.end <= count for meaning in (*said.meanings, *said.similar))


def test_a_long_query_takes_bounded_time(page: None) -> None:
    query = "Universitetet i Oslo flödescytometri SEM near Åbo core facility " * 40
    understand(query)
    started = perf_counter()
    understand(query)
    assert perf_counter() - started < 0.2
