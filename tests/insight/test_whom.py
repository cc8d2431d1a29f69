"""Whom to ask for what: contacts by topic and role, and the way to ask them."""

import re

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.insight.whom.asking import roles_meant
from facilities.networks.models import Membership, Network, NetworkKind
from facilities.search.index import rebuild
from tests.counting import statements
from tests.insight.actors import PRODUCTION, region
from tests.listings import add


def asked(client: FlaskClient, address: str) -> list[str]:
    """The names of those who can be asked, in the order of the page."""
    page = client.get(address)
    assert page.status_code == 200
    return re.findall(r'<h2><a href="[^"]*">([^<]*)</a></h2>', page.text)


def test_a_role_leads_to_those_whose_contacts_take_questions(app_on: Flask) -> None:
    region()
    client = app_on.test_client()
    assert 'href="/ask?role=manufacturing"' in client.get("/ask").text
    assert asked(client, "/ask?role=manufacturing") == ["Vat Works", "Vat Plant"]


def test_nobody_is_offered_who_has_no_contacts(app: Flask, client: FlaskClient) -> None:
    region()
    assert "Dane Fill" not in client.get("/ask?role=manufacturing").text
    assert "Nobody is found" in client.get("/ask?role=manufacturing&country=DK").text


def test_a_topic_finds_the_facility_and_the_contacts_of_what_it_belongs_to(app: Flask, client: FlaskClient) -> None:
    made = region()
    page = client.get("/ask?q=aseptic+filling").text
    assert asked(client, "/ask?q=aseptic+filling") == ["Vat Plant"]
    assert "Production desk, Eva Holm" in page
    assert f'href="{made["vat"].path}">Vat Works</a>' in page


def test_nothing_of_a_withdrawn_organisation_is_offered(app: Flask, client: FlaskClient) -> None:
    made = region()
    add(
        Kind.FACILITY,
        "Vat Annex",
        parent=made["vat"],
        description="Aseptic filling of syringes.",
        contacts=[PRODUCTION],
    )
    rebuild()
    assert set(asked(client, "/ask?q=aseptic+filling")) == {"Vat Plant", "Vat Annex"}
    withdraw_listing(made["vat"], reason="Moved abroad.", by="desk")
    assert asked(client, "/ask?q=aseptic+filling") == []


def test_a_topic_of_a_role_finds_the_organisations_that_have_it(app: Flask, client: FlaskClient) -> None:
    region()
    assert "Vat Works" in asked(client, "/ask?q=CDMO")
    assert [role.slug for role in roles_meant("who does GMP work?")] == ["manufacturing"]
    assert [role.slug for role in roles_meant("klinisk prövning")] == ["clinical"]
    assert roles_meant("gmpx") == []


def test_no_address_of_a_person_is_in_the_page(app: Flask, client: FlaskClient) -> None:
    region()
    page = client.get("/ask?role=manufacturing").text
    assert "Production desk" in page
    assert "example.org" not in page


def test_only_contacts_that_take_the_kind_of_question_are_shown(app: Flask, client: FlaskClient) -> None:
    region()
    quotes = client.get("/ask?role=manufacturing&about=quote").text
    booking = client.get("/ask?role=manufacturing&about=booking").text
    assert "Offers" in quotes and "Production desk" in quotes
    assert "Offers" not in booking and "Production desk" in booking


def test_one_can_be_asked_or_several_at_once(app: Flask, client: FlaskClient) -> None:
    made = region()
    page = client.get("/ask?role=manufacturing").text
    both = [f"listing={made[name].id}" for name in ("vat", "plant")]
    assert f'href="/enquiries/new?{both[0]}"' in page
    assert page.count('form="ask" name="listing"') == 2
    form = client.get("/enquiries/new?" + "&".join(both)).text
    assert "Vat Works" in form and "Vat Plant" in form


def test_a_misspelt_topic_is_answered_by_its_correction(app: Flask, client: FlaskClient) -> None:
    region()
    page = client.get("/ask?q=asceptic+filling")
    assert "Vat Plant" in page.text


def test_a_network_has_the_directory_of_its_members(app: Flask, client: FlaskClient) -> None:
    made = region()
    network = Network(slug="north", kind=NetworkKind.CLUSTER, names={"en": "North Cluster"}, published=True)
    db.session.add(Membership(network=network, organisation_id=made["vat"].id))
    db.session.commit()
    maker = add(Kind.ORGANISATION, "Outsider", roles=["manufacturing"], contacts=[PRODUCTION])
    rebuild()
    assert maker.name in asked(client, "/ask?role=manufacturing")
    assert asked(client, "/networks/north/ask?role=manufacturing") == ["Vat Works", "Vat Plant"]


def test_more_to_ask_do_not_take_more_statements(app: Flask, client: FlaskClient) -> None:
    region()
    client.get("/ask?role=manufacturing")
    with statements() as few:
        client.get("/ask?role=manufacturing")
    for number in range(15):
        add(Kind.ORGANISATION, f"Maker {number}", roles=["manufacturing"], contacts=[PRODUCTION])
    rebuild()
    client.get("/ask?role=manufacturing")
    with statements() as many:
        client.get("/ask?role=manufacturing")
    assert len(many) == len(few)
