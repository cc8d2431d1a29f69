"""What every page has around its content."""

import re

import pytest
from flask.testing import FlaskClient

PAGES = ("/", "/techniques", "/categories", "/search", "/search?q=nothing+like+this", "/no-such-page")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_itself_and_can_be_skipped_into(client: FlaskClient, path: str) -> None:
    page = client.get(path).text

    assert '<html lang="en">' in page
    assert re.search(r"<title>\S.* · Open Bench</title>", page)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert '<a class="skip-link" href="#content">' in page
    assert page.count('id="content"') == 1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_search_box_and_no_inline_style_or_script(client: FlaskClient, path: str) -> None:
    page = client.get(path).text

    assert page.count('role="search"') == 1
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("path", PAGES)
def test_no_id_is_used_twice(client: FlaskClient, path: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get(path).text)

    assert len(ids) == len(set(ids))


def test_navigation_marks_where_the_visitor_is(client: FlaskClient) -> None:
    assert '<a href="/techniques" aria-current="page">' in client.get("/techniques").text


def test_shortlist_is_in_the_navigation_once_it_holds_something(client: FlaskClient) -> None:
    assert "/enquiries/shortlist" not in client.get("/techniques").text


def test_stylesheets_and_pictures_exist(client: FlaskClient) -> None:
    page = client.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
        with client.get(address) as answer:
            assert answer.status_code == 200, address
