"""Roles against kinds of organisation: the numbers, where they lead, and what is missing."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from facilities.catalogue.models import ActorRole, Kind
from facilities.catalogue.roles import all_roles
from facilities.db import db, now
from facilities.insight.roles.matrix import Addresses, matrix_of
from facilities.networks.models import Membership, Network, NetworkKind
from facilities.search.index import rebuild
from facilities.search.query import SearchQuery
from tests.barriers import PHONE, barriers
from tests.conftest import running_app
from tests.counting import statements
from tests.insight.actors import actor, region
from tests.listings import add
from tests.running_site import running_site

TABLE = re.compile(r'<table class="roles-table".*?</table>', re.S)
HIDDEN = re.compile(r'<svg.*?</svg>|<span class="visually-hidden">.*?</span>', re.S)


def table(client: FlaskClient, address: str = "/roles") -> str:
    page = client.get(address)
    assert page.status_code == 200
    found = TABLE.search(page.text)
    assert found
    return found[0]


def row(html: str, label: str) -> list[str]:
    """The numbers of a row as a reader sees them, "–" for a gap."""
    rows = [each for each in re.findall(r"<tr.*?</tr>", html, re.S) if label in re.sub("<td.*", "", each, flags=re.S)]
    cells = re.findall(r"<td.*?</td>", rows[0], re.S)
    shown = (
        re.sub(r"<svg.*?</svg>|<span class=\"visually-hidden\">.*?</span>", "", cell, flags=re.S) for cell in cells
    )
    return [re.sub("<[^>]*>", "", cell).strip() for cell in shown]


def test_a_cell_says_how_many_organisations_of_a_kind_have_a_role(app_on: Flask) -> None:
    region()
    html = table(app_on.test_client())
    assert row(html, "Manufacturing") == ["1", "2", "–", "3"]
    assert row(html, "Clinical") == ["–", "1", "–", "1"]
    assert row(html, "Policy") == ["–", "–", "–", "nobody"]
    assert row(html, "No role stated") == ["0", "0", "1", "1"]
    assert row(html, "All organisations") == ["1", "2", "1", "4"]


def test_each_number_is_the_length_of_the_list_it_opens(app: Flask, client: FlaskClient) -> None:
    region()
    found = matrix_of(SearchQuery(), Addresses())
    cells = [cell for line in found.rows for cell in line.filled]
    assert cells
    for cell in cells:
        api = "/api/v1/search" + cell.list_url.removeprefix("/search")
        assert client.get(api).get_json()["total"] == cell.count
        assert cell.map_url.partition("?")[2] == cell.list_url.partition("?")[2]


def test_the_table_can_be_narrowed_and_its_links_keep_that(app: Flask, client: FlaskClient) -> None:
    region()
    html = table(client, "/roles?country=DK")
    assert row(html, "Manufacturing") == ["1", "1"]
    assert (
        'href="/search?kind=organisation&amp;organisation_kind=service_company&amp;role=manufacturing&amp;country=DK"'
        in html
    )
    assert row(table(client, "/roles?near=Lund&radius=25"), "Manufacturing") == ["1", "1"]


def test_a_town_that_is_not_known_is_said_beside_its_field(app: Flask, client: FlaskClient) -> None:
    region()
    page = client.get("/roles?near=Nowhereby").text
    assert 'value="Nowhereby"' in page
    assert 'aria-describedby="near-error"' in page


def test_the_page_says_what_stands_out(app: Flask, client: FlaskClient) -> None:
    region()
    said = matrix_of(SearchQuery(), Addresses()).standing_out
    assert "Manufacturing" in said[0] and "service company" in said[0] and "2" in said[0]
    assert "Policy" in said[1] and "Manufacturing" not in said[1]
    assert "Clinical" in said[2]
    assert all(sentence in unescape(client.get("/roles").text) for sentence in said)


def test_nothing_is_said_of_roles_where_there_are_none(app: Flask) -> None:
    db.session.execute(sa.delete(ActorRole))
    add(Kind.ORGANISATION, "Skerry")
    rebuild()
    matrix = matrix_of(SearchQuery(), Addresses())
    assert (matrix.rows, matrix.standing_out) == ([], [])


def test_organisations_without_a_role_are_listed(app: Flask, client: FlaskClient) -> None:
    region()
    assert "/roles/none?country=SE" in unescape(table(client, "/roles?country=SE"))
    page = client.get("/roles/none?country=SE").text
    assert "Silent Trust" in page
    assert "Vat Works" not in page
    assert "Silent Trust" not in client.get("/roles/none?country=DK").text


def test_a_retired_role_stays_in_the_table_while_somebody_has_it(app: Flask, client: FlaskClient) -> None:
    region()
    for role in all_roles():
        if role.slug in ("clinical", "policy"):
            role.retired_at = now()
    db.session.commit()
    html = table(client)
    assert row(html, "Clinical")[-1] == "1"
    assert "Policy" not in html


def test_a_network_has_the_table_of_its_members(app: Flask, client: FlaskClient) -> None:
    made = region()
    network = Network(slug="north", kind=NetworkKind.CLUSTER, names={"en": "North Cluster"}, published=True)
    db.session.add(network)
    db.session.flush()
    db.session.add(Membership(network_id=network.id, organisation_id=made["dane"].id))
    db.session.commit()
    rebuild()
    html = table(client, "/networks/north/roles")
    assert row(html, "Manufacturing") == ["1", "1"]
    assert 'href="/networks/north/search?' in html
    assert client.get("/networks/north/roles").text.count('name="network"') == 0
    assert client.get("/networks/none-such/roles").status_code == 404


def test_the_file_has_the_numbers_of_the_table(app: Flask, client: FlaskClient) -> None:
    region()
    answer = client.get("/roles.csv")
    assert answer.content_type.startswith("text/csv")
    rows = {line[0] or line[1]: line[2:] for line in csv.reader(StringIO(answer.data.decode("utf-8-sig")))}
    assert rows["manufacturing"] == ["1", "2", "0", "3"]
    assert rows["No role stated"][-1] == "1"
    assert client.get("/sv/roles.csv").text.splitlines()[0] == answer.text.splitlines()[0]


def test_without_an_index_the_page_says_that_numbers_will_come(app: Flask, client: FlaskClient) -> None:
    actor("Vat Works", "service_company", "manufacturing")
    assert "index is being built" in client.get("/roles").text
    assert client.get("/roles/none").status_code == 200


def test_more_organisations_do_not_take_more_statements(app: Flask, client: FlaskClient) -> None:
    region()
    client.get("/roles")
    with statements() as few:
        client.get("/roles")
    for number in range(30):
        add(Kind.ORGANISATION, f"Maker {number}", organisation_kind="supplier", roles=["devices"], country="NO")
    rebuild()
    client.get("/roles")
    with statements() as many:
        client.get("/roles")
    assert len(many) == len(few)


@pytest.mark.browser
def test_everybody_can_use_the_pages_of_roles(tmp_path: Path, browser: Browser) -> None:
    with running_app(tmp_path):
        region()
    with running_site(tmp_path, processes=1, with_worker=False) as site:
        context = browser.new_context(base_url=site.url, **PHONE)
        page = context.new_page()
        for path in ("/roles", "/ask", "/ask?role=manufacturing"):
            page.goto(path)
            assert barriers(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto("/roles")
        assert barriers(page) == []
        page.get_by_role("row", name="Manufacturing").get_by_role("link", name="Service company").first.click()
        assert page.locator(".listing-card").count() == 2
        context.close()
