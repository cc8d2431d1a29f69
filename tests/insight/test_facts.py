"""The facts of the site, a network, a hub and a place: what is counted, and how it is shown."""

import csv
from datetime import UTC, date, datetime
from io import StringIO
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import AttachmentKind, Kind, Status
from facilities.db import db, now
from facilities.insight.facts.charts import svg_of
from facilities.insight.facts.contributions import contributions
from facilities.insight.facts.figure import Chart
from facilities.insight.facts.report import KEY, MOST_KEPT, Facts, facts_of, remembered
from facilities.insight.facts.scopes import SITE, of_hub, of_network, of_place
from facilities.insight.facts.showing import ShownFigure, ShownRow
from facilities.manage.uploads import Checked, keep_upload, url_of
from facilities.networks.models import Network
from facilities.networks.queries import network_called
from facilities.search.index import rebuild
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.insight.facts_cast import companies, company, join, network
from tests.insight.test_facts_suppression import values
from tests.listings import add
from tests.vocabulary import add_technique


def small_region() -> None:
    """A network of six companies in two hubs, one with a facility, an instrument, a service and rooms to let."""
    add_technique("flow-cytometry", "Flow cytometry")
    cluster = network("cluster", "north", "south")
    north = companies(4, "North", employees=20, roles=["discovery"], established=1998, sector="pharma")
    south = companies(3, "South", employees=300, roles=["discovery", "clinical"], city="Lund", lat=55.7, lng=13.19)
    join(cluster, north, "north")
    join(cluster, south, "south", since=date(2024, 5, 1))
    facility = add(Kind.FACILITY, "Flow lab", parent=north[0], access={"groups": ["academia", "companies"]})
    add(Kind.INSTRUMENT, "Sorter", parent=facility, techniques=["flow-cytometry"], acquired="2019-03")
    add(Kind.INSTRUMENT, "Old sorter", parent=facility, techniques=["flow-cytometry"], acquired="1999",
        access={"groups": ["academia"]})  # fmt: skip
    add(Kind.SERVICE, "Sorting", parent=facility, certificates=[{"name": "ISO/IEC 17025:2017"}])
    rooms = {"offer_kind": "premises", "area_max": 400, "free_from": "2020-01-01"}
    add(Kind.OFFER, "Rooms", parent=south[0], **rooms)
    add(Kind.OFFER, "Gone", parent=south[0], open_until="2021-01-01", **rooms)
    rebuild()


def test_facts_of_a_network_count_its_members_and_what_is_theirs(app_on: Flask) -> None:
    small_region()
    company("Outside", roles=["clinical"])
    facts = facts_of(of_network(network_here()))
    assert facts["counts"] == {"organisation": 7, "facility": 1, "instrument": 2, "service": 1, "offer": 2}
    assert values(facts, "roles") == {"discovery": 7, "clinical": 3}
    assert values(facts, "sizes") == {"small": 4, "large": 3}
    assert values(facts, "founded") == {"1990s": 4}
    assert values(facts, "techniques") == {"flow-cytometry": 2}
    assert {key for key, many in values(facts, "ages").items() if many} == {"-10", "-1000"}
    assert values(facts, "certificates") == {"ISO/IEC 17025": 1}
    assert values(facts, "open") == {"facility": 1, "instrument": 1, "service": 1}
    assert values(facts, "offers") == {"premises": 1}
    assert values(facts, "premises") == {"now": 400}
    assert values(facts, "categories") == {"firms": 7}
    assert values(facts, "members")["2023"] == 4
    assert values(facts, "members")["2024"] == 7


def test_members_over_time_are_organisations_that_can_be_read(app_on: Flask) -> None:
    cluster = network("cluster")
    hidden = companies(2, "Hidden")
    join(cluster, [*companies(4, "Member"), *hidden])
    for each in hidden:
        each.status = Status.IN_REVIEW
    db.session.commit()
    join(cluster, companies(1, "Former"), until=date(2022, 6, 30))
    facts = facts_of(of_network(cluster))
    over_time = values(facts, "members")
    assert (over_time["2021"], over_time["2022"]) == (5, 4)
    [figure] = [each for each in facts["figures"] if each["name"] == "members"]
    assert (figure["known"], figure["of"]) == (4, 4)


def test_a_hub_and_a_place_have_what_is_there_alone(app_on: Flask) -> None:
    small_region()
    north = facts_of(of_hub(network_here().hubs[0]))
    assert north["counts"]["organisation"] == 4
    assert values(north, "roles") == {"discovery": 4}
    lund = of_place("se", "lund")
    assert lund is not None
    assert facts_of(lund)["counts"] == {"organisation": 3, "facility": 0, "instrument": 0, "service": 0, "offer": 2}


def test_coverage_is_said(app: Flask) -> None:
    companies(3, "Old", established=1990)
    companies(2, "Silent")
    assert (figure(facts_of(SITE), "founded")["known"], figure(facts_of(SITE), "founded")["of"]) == (3, 5)
    assert "Stated by 3 of 5" in app.test_client().get("/facts").text


def test_every_number_that_leads_to_a_search_finds_as_many(app: Flask) -> None:
    small_region()
    cluster = of_network(network_here())
    client = app.test_client()
    for each in facts_of(cluster)["figures"]:
        for row in each["rows"]:
            if row["search"] and row["value"]:
                found = client.get(cluster.search(row["search"]).replace("/search?", "/search.csv?"))
                assert len(list(csv.reader(StringIO(found.text)))) - 1 == row["value"], (each["name"], row["key"])


def test_enquiries_and_the_answer_time_are_counted_where_enough_have_answered(app: Flask) -> None:
    firms = companies(3, "Firm")
    for firm in firms * 2:
        asked = enquiry_to(firm)
        asked.threads[0].first_answered_at = now()
        db.session.add(asked)
    db.session.commit()
    facts = facts_of(SITE)
    assert sum(many or 0 for many in values(facts, "enquiries").values()) == 6
    assert values(facts, "answers") == {"usual": 1}


def test_a_source_is_named_where_three_organisations_state_it(app: Flask) -> None:
    stated = {"employees": 20, "employees_year": 2025}
    companies(3, "Firm", **stated, employees_source="Register")
    companies(2, "Other", **stated, employees_source="Annual report of Other")
    rebuild()
    assert figure(facts_of(SITE), "employees")["sources"] == ["Register"]


def test_the_twelve_months_of_answers_are_counted_in_days(app: Flask) -> None:
    asked = enquiry_to(company("Firm"))
    asked.threads[0].asked_at = asked.threads[0].first_answered_at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    db.session.add(asked)
    db.session.commit()
    for today, counted in ((date(2027, 3, 15), 1), (date(2027, 3, 22), 0)):
        assert sum(each.figure == "answers" for each in contributions(today)) == counted, today


def test_the_page_takes_as_many_statements_with_many_listings_as_with_few(app: Flask) -> None:
    small_region()
    few = statements_of(app.test_client(), "/networks/cluster/facts")
    for firm in companies(20, "More", roles=["data"], employees=40):
        join(network_here(), [firm])
        add(Kind.INSTRUMENT, f"Of {firm.name}", parent=firm, techniques=["flow-cytometry"])
    rebuild()
    assert statements_of(app.test_client(), "/networks/cluster/facts") <= few


def test_a_page_that_was_shown_before_is_not_counted_again_until_something_changes(app: Flask) -> None:
    small_region()
    client = app.test_client()
    first = statements_of(client, "/facts")
    assert statements_of(client, "/facts") < first / 3
    company("New")
    rebuild()
    assert "8" in client.get("/facts").text
    assert facts_of(SITE)["counts"]["organisation"] == 8


def test_what_is_asked_for_often_stays_remembered_beside_many_others(app: Flask) -> None:
    made: list[str] = []
    for number in range(2 * MOST_KEPT):
        remembered("often", lambda: made.append("often"))
        remembered(f"place {number}", lambda: made.append("place"))
    assert made.count("often") == 1
    assert len(app.extensions[KEY]) <= MOST_KEPT


def test_each_figure_has_a_table_a_definition_and_files(app: Flask) -> None:
    small_region()
    client = app.test_client()
    page = client.get("/networks/cluster/facts").text
    for each in facts_of(of_network(network_here()))["figures"]:
        assert each["definition"]["en"] in page.replace("&#39;", "'")
        assert f'href="/networks/cluster/facts/{each["name"]}.csv"' in page
        assert client.get(f"/networks/cluster/facts/{each['name']}.csv").status_code == 200


def test_a_chart_is_an_image_with_title_and_description_that_asks_for_nothing_else(app: Flask) -> None:
    small_region()
    answer = app.test_client().get("/facts/roles.svg")
    assert answer.mimetype == "image/svg+xml"
    tree = ElementTree.fromstring(answer.data)
    names = {each.tag.rpartition("}")[2] for each in tree.iter()}
    assert {"title", "desc", "rect", "text"} <= names
    assert not names & {"script", "style", "image", "foreignObject"}
    assert not any("href" in name or name in {"style", "onload"} for each in tree.iter() for name in each.attrib)
    assert {"Discovery", "Clinical", "7", "3"} <= {each.text for each in tree.iter()}


def test_a_long_number_has_room_behind_its_bar_and_years_have_names_in_every_language(app: Flask) -> None:
    rows = [row("Free within twelve months", 3505, "3,505"), row("No date said", 116000, "116,000")]
    bars = ElementTree.fromstring(svg_of(drawn(rows, Chart.BARS)))
    numbers = [each for each in bars.iter() if each.get("class") == "amount"]
    assert all(float(each.get("x", 0)) + 7 * len(each.text or "") < 440 for each in numbers)
    decades = [row(f"{year}’erne", 2, "2") for year in range(1950, 2030, 10)]
    columns = ElementTree.fromstring(svg_of(drawn(decades, Chart.COLUMNS)))
    assert "2020’erne" in [each.text for each in columns.iter() if each.get("class") == "label"]


def row(label: str, value: int, text: str) -> ShownRow:
    return ShownRow(label, label, value, None, text, ())


def drawn(rows: list[ShownRow], chart: str) -> ShownFigure:
    return ShownFigure("it", "who", "It", "What it is.", "", "", chart, rows, "", "", "")


def test_names_in_a_chart_are_text_and_never_markup(app: Flask) -> None:
    parent = company("Firm")
    for name in ("<script>alert(1)</script>", "B & C"):
        add(Kind.SERVICE, f"With {name}", parent=parent, certificates=[{"name": name}])
    assert "<script>alert" not in app.test_client().get("/facts").text


def test_a_file_says_scope_date_and_what_is_withheld(app: Flask) -> None:
    companies(4, "Large", employees=300)
    companies(3, "Small", employees=30)
    companies(2, "Tiny", employees=3)
    rows = list(csv.DictReader(StringIO(app.test_client().get("/facts.csv").text.removeprefix("\ufeff"))))
    sizes = {row["Key"]: row for row in rows if row["Figure"] == "sizes"}
    assert sizes["micro"]["Value"] == ""
    assert sizes["micro"]["Withheld"] == "yes"
    assert {row["Scope"] for row in rows} == {"site"}
    assert {row["Date"] for row in rows} == {facts_of(SITE)["on"]}


def test_a_draft_network_has_no_facts_for_visitors(app: Flask) -> None:
    small_region()
    network_here().published = False
    db.session.commit()
    assert app.test_client().get("/networks/cluster/facts.csv").status_code == 404


def test_facts_are_told_in_the_visitors_language(app: Flask) -> None:
    small_region()
    facts = facts_of(of_network(network_here()))
    assert figure(facts, "categories")["rows"][0]["label"] == {"en": "Firms", "sv": "Företag"}
    assert set(figure(facts, "kinds")["title"]) >= {"en"}


def test_the_fact_sheet_is_a_pdf_with_a_title_in_the_visitors_language(app: Flask) -> None:
    small_region()
    client = app.test_client()
    for path in ("/facts.pdf", "/networks/cluster/facts.pdf", "/networks/cluster/hubs/north/facts.pdf",
                 "/places/se/lund/facts.pdf"):  # fmt: skip
        answer = client.get(path)
        assert answer.data.startswith(b"%PDF-")
        assert answer.mimetype == "application/pdf"
    assert "Facts about Cluster" in client.get("/networks/cluster/facts.pdf").data.decode("latin-1")


def test_a_logo_that_cannot_be_read_is_left_out_of_the_sheet(app: Flask) -> None:
    small_region()
    broken = keep_upload(Checked(b"no picture", "png", "image/png", AttachmentKind.IMAGE))
    network_here().logo = url_of(broken.name)
    db.session.commit()
    assert app.test_client().get("/networks/cluster/facts.pdf").data.startswith(b"%PDF-")


def test_an_empty_site_says_that_there_is_nothing_to_count(app: Flask) -> None:
    client = app.test_client()
    assert "There is nothing to count yet" in client.get("/facts").text
    assert client.get("/facts.pdf").data.startswith(b"%PDF-")


def figure(facts: Facts, name: str) -> dict[str, object]:
    found: dict[str, object] = next(each for each in facts["figures"] if each["name"] == name)
    return found


def network_here() -> Network:
    found = network_called("cluster")
    assert found is not None
    return found


def statements_of(client: FlaskClient, path: str) -> int:
    with statements() as sent:
        assert client.get(path).status_code == 200
    return len(sent)
