"""Every route states who may use it, and every visible address of the product's plan answers."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.listings import small_catalogue

OPEN = {"static"}


def test_every_route_names_its_rule(app: Flask) -> None:
    silent = {endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "rule")} - OPEN
    assert silent == set()


@pytest.mark.parametrize(
    "address", ["/", "/search", "/map", "/techniques", "/categories", "/enquiries/shortlist", "/healthz", "/readyz"]
)
def test_addresses_of_the_plan_answer(app: Flask, client: FlaskClient, address: str) -> None:
    small_catalogue()
    assert client.get(address).status_code == 200


def test_pages_carry_strict_headers_and_no_inline_code(app: Flask, client: FlaskClient) -> None:
    listing = small_catalogue()[2]
    for address in ("/", "/search?q=lsm", listing.path, "/map", f"/enquiries/new?listing={listing.id}"):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*(src=|application/))", answer.text), address
        assert not re.search(r"\s(style|on\w+)=\"", answer.text), address


def test_no_address_of_a_person_is_in_a_page(app: Flask, client: FlaskClient) -> None:
    from tests.listings import Kind, add

    contact = {"role": "Manager", "email": "manager@lumen.example.org"}
    listing = add(Kind.FACILITY, "Lumen", contacts=[contact])
    for address in (listing.path, f"/enquiries/new?listing={listing.id}"):
        page = client.get(address).text
        assert "Manager" in page or address != listing.path
        assert "manager@" not in page


def test_the_interface_answers_errors_as_it_promises(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert set(answer.get_json()["error"]) == {"code", "message", "field"}


def test_a_host_that_is_not_ours_is_never_led_to(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/static//site.css", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers.get("Location", "")
