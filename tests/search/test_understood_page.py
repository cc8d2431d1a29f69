"""How the results page shows what it understood, and what it offers when words fail."""

from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.db import db, writing
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add
from tests.search.test_results import links_on


def answer_to(visitor: FlaskClient, query: str, **args: str) -> dict[str, list[dict[str, str]]]:
    answer: dict[str, list[dict[str, str]]] = visitor.get(
        "/api/v1/search", query_string={"q": query, **args}
    ).get_json()
    return answer


def titles(visitor: FlaskClient, query: str, **args: str) -> list[str]:
    return [item["title"] for item in answer_to(visitor, query, **args)["items"]]


def test_each_part_that_was_understood_is_a_chip_that_can_be_taken_off(visitor: FlaskClient) -> None:
    page = visitor.get("/search", query_string={"q": "kryo-EM nära Uppsala"}).text
    assert "Near Uppsala" in page
    assert "Cryo-electron microscopy" in page
    assert {"/search?q=kryo-EM", "/search?q=n%C3%A4ra+Uppsala"} <= set(links_on(page, "/search?q="))
    without = visitor.get("/search?q=kryo-EM").text
    assert "Near Uppsala" not in without
    assert "<s>" not in without


def test_words_can_be_taken_as_they_were_typed(visitor: FlaskClient) -> None:
    page = visitor.get("/search", query_string={"q": "kryo-EM nära Uppsala"}).text
    literal = [
        link for link in links_on(page, "/search?q=kryo-EM+n%C3%A4ra+Uppsala") if "literal=n%C3%A4ra+Upp" in link
    ]
    assert len(literal) == 2, "the place as typed, and everything as typed"
    for link in literal:
        assert "Near Uppsala" not in visitor.get(link).text
    assert "Understood as" not in visitor.get(literal[-1]).text


def test_a_place_is_called_as_the_visitor_called_it(visitor: FlaskClient) -> None:
    assert "Near Copenhagen" in visitor.get("/search?q=confocal+near+Copenhagen").text
    assert "Near Åbo" in visitor.get("/search?q=confocal&near=Åbo").text


def test_the_form_shows_what_the_words_filter_by_without_asking_for_it_twice(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=proteomics+open+to+companies+near+Uppsala").text
    assert 'value="companies" checked disabled' in page
    assert 'placeholder="Uppsala"' in page
    chosen = visitor.get("/search?q=proteomics+open+to+companies+near+Uppsala&access=academia&near=Lund").text
    assert "checked disabled" not in chosen
    assert 'value="Lund"' in chosen


def test_a_page_says_at_most_one_thing_of_results_that_come_near(visitor: FlaskClient) -> None:
    for query in ("STORM zzzunknown", "FACSAria", "PK study in mice by March", "confocal for companies in Reykjavik"):
        page = visitor.get("/search", query_string={"q": query}).text
        assert page.count('<p class="notice"') <= 1, query


def test_a_search_that_only_its_filters_empty_says_how_many_there_are(visitor: FlaskClient) -> None:
    whole = answer_to(visitor, "flow cytometry")["total"]
    page = visitor.get("/search?q=flow+cytometry&country=IS&price=1").text
    assert f"{whole} listings for “flow cytometry”, none with these filters" in page
    offered = section(page, "broader")
    assert links_on(offered, "/search").count("/search?q=flow+cytometry") == 1
    for link in links_on(offered, "/search?q=flow"):
        assert 'class="listing-card"' in visitor.get(link).text, link
    assert "Price €" in page


def section(page: str, name: str) -> str:
    """The first list of a page with that class."""
    return page.partition(f'<ul class="{name}">')[2].partition("</ul>")[0]


def test_what_is_near_the_place_named_comes_first(visitor: FlaskClient) -> None:
    items = answer_to(visitor, "kryo-EM nära Uppsala")["items"]
    assert items[0]["city"] == "Uppsala"
    assert {item["city"] for item in items} > {"Uppsala"}


def test_all_languages_find_the_same_listings(visitor: FlaskClient) -> None:
    words = ("flow cytometry", "flödescytometri", "væskestrømscytometri", "Durchflusszytometrie", "flow cytometers")
    tagged = set(titles(visitor, "", technique="flow-cytometry", per_page="100"))
    assert len(tagged) > 3
    for word in words:
        assert tagged <= set(titles(visitor, word, per_page="100")), word


def test_a_model_comes_first_and_others_of_its_technique_behind(visitor: FlaskClient) -> None:
    found = titles(visitor, "FACSAria")
    assert "FACSAria" in found[0]
    assert any("FACSymphony S6" in title for title in found[1:])
    assert "they come first" in visitor.get("/search?q=FACSAria").text


def test_a_need_filters_and_says_so(visitor: FlaskClient) -> None:
    total = answer_to(visitor, "proteomics open to companies")["total"]
    assert 0 < total == answer_to(visitor, "proteomics", access="companies")["total"]
    assert "Companies" in visitor.get("/search?q=proteomics+open+to+companies").text


def test_a_need_that_nothing_meets_is_only_a_preference(app: Flask, client: FlaskClient) -> None:
    add(Kind.INSTRUMENT, "Zirkelograph")
    rebuild()
    assert titles(client, "zirkelograph for companies") == ["Zirkelograph"]
    assert "No listing that fits says" in client.get("/search?q=zirkelograph+for+companies").text


def test_price_and_lead_time_in_words_filter_and_say_so(app: Flask, client: FlaskClient) -> None:
    add(Kind.SERVICE, "Zirkelography", lead_time_max=20)
    add(Kind.SERVICE, "Slow zirkelography", lead_time_max=90)
    rebuild()
    assert titles(client, "zirkelography under 8 weeks") == ["Zirkelography"]
    assert "At most 40 working days" in client.get("/search?q=zirkelography+under+8+weeks").text


def test_a_lead_time_that_nothing_meets_is_left_out(app: Flask, client: FlaskClient) -> None:
    add(Kind.SERVICE, "Zirkelography", lead_time_max=90)
    rebuild()
    assert titles(client, "zirkelography under 8 weeks") == ["Zirkelography"]
    assert "No listing that fits says" in client.get("/search?q=zirkelography+under+8+weeks").text


def test_a_word_is_only_corrected_where_that_answers_more(visitor: FlaskClient) -> None:
    assert "search instead for" not in visitor.get("/search?q=zebra+striped+unicorn").text
    assert "search instead for" in visitor.get("/search?q=zebra+unicorn+confocl").text


def test_a_misspelling_keeps_the_place_and_can_be_insisted_on(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=flow+cytometrry+lund").text
    assert "search instead for" in page
    assert "Near Lund" in page
    (instead,) = {
        link for link in links_on(page, "/search?q=flow+cytometrry") if "literal=flow+cytometrry+lund" in link
    }
    assert "search instead for" not in visitor.get(instead).text


def test_a_partial_answer_strikes_through_what_it_lacks(app: Flask, client: FlaskClient) -> None:
    add(Kind.INSTRUMENT, "Zirkelograph", description="Draws circles.")
    add(Kind.INSTRUMENT, "Quadrograph", description="Draws squares.")
    rebuild()
    page = client.get("/search?q=zirkelograph+quadrograph").text
    assert "<s>quadrograph</s>" in page
    assert "<s>zirkelograph</s>" in page


def test_a_listing_is_found_first_by_its_whole_name(visitor: FlaskClient) -> None:
    for name in ("Ström Flow Cytometry Core", "Enkelt Single Cell Core", "Läsaren Sequencing Platform"):
        assert titles(visitor, name)[0] == name


def test_a_search_that_finds_nothing_offers_the_techniques_it_named(app: Flask, client: FlaskClient) -> None:
    writing()
    load_vocabulary()
    db.session.commit()
    add(Kind.INSTRUMENT, "Sorter", techniques=["cell-sorting"], country="SE")
    rebuild()
    page = client.get("/search?q=cell+sorting&country=NO").text
    assert "/search?technique=cell-sorting" in links_on(page, "/search?technique")


def test_what_was_understood_is_told_to_programs(visitor: FlaskClient) -> None:
    understood = answer_to(visitor, "NMR in Norway")["understood"]
    told = [(part["kind"], part["words"], part["label"], part["value"]) for part in understood]
    assert told == [
        ("technique", "NMR", "Nuclear magnetic resonance spectroscopy", "nmr-spectroscopy"),
        ("place", "in Norway", "Norway", "NO"),
    ]


def test_understanding_asks_the_database_once_a_second_at_most(visitor: FlaskClient) -> None:
    visitor.get("/search?q=FACS")
    with statements() as sent:
        visitor.get("/search?q=FACS")
    assert sum("technique_terms" in statement for statement in sent) <= 1
    assert len(sent) <= 6


def test_hostile_text_is_only_text(visitor: FlaskClient) -> None:
    for query in ('<script>alert("x")</script> in Lund', "' OR 1=1 --", "%00%FF", "near near near", "OR OR OR", '"""'):
        answer = visitor.get("/search", query_string={"q": query})
        assert answer.status_code == 200
        assert "<script>alert" not in unescape(answer.text.replace("&lt;script", ""))
