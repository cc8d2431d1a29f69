"""What a network's desk does with its part."""

from datetime import timedelta
from io import BytesIO

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from facilities.accounts.invitations import path_of
from facilities.accounts.models import Invitation, SiteRole
from facilities.catalogue.models import Kind
from facilities.db import db, now
from facilities.manage.uploads import _mentions
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.changing import seen
from facilities.networks.members import members_of, today
from facilities.networks.models import Hub, MemberCategory, Membership, Network, NetworkAct, NetworkGrant
from facilities.outbox.models import StoredLetter
from tests.counting import statements
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, join
from tests.people import add_user

MEMBERS = "/manage/networks/north/members"


def test_an_added_member_is_found_in_the_network(desk: FlaskClient, north: Cast) -> None:
    assert "Lonely Labs" in desk.get(f"{MEMBERS}/add?q=lonely").text
    answer = desk.post(f"{MEMBERS}/add?organisation={north.outsider.id}", data={"since": today().isoformat()})

    assert answer.status_code == 303
    assert "Lonely Labs" in desk.get("/networks/north/search?kind=organisation").text
    again = desk.post(f"{MEMBERS}/add?organisation={north.outsider.id}", data={"since": today().isoformat()})
    assert again.status_code == 422
    assert "is a member at that time already" in again.text


def test_a_list_is_told_all_that_is_wrong_with_a_line(desk: FlaskClient, north: Cast) -> None:
    line = f"{north.company.id},Giants,Mountains,someday,perhaps"
    page = desk.post(f"{MEMBERS}/list", data={"list": f"id,category,hub,since,founder\n{line}"})
    assert page.status_code == 422
    assert "<b>1</b>line to put right" in page.text
    assert all(said in page.text for said in ("category “Giants”", "hub “Mountains”", "“someday”", "“perhaps”"))


def test_a_need_that_waits_is_counted_at_the_desk(desk: FlaskClient, north: Cast) -> None:
    assert "need to decide" not in desk.get("/manage/networks/north/").text
    db.session.add(
        PublicNeed(
            organisation_id=north.company.id, network_id=north.north.id, title="Freezers", language="en",
            ends_on=today() + timedelta(days=30), form_id="waits", state=NeedState.WAITING, posted_by="Ada",
        )
    )  # fmt: skip
    db.session.commit()
    assert "need to decide" in desk.get("/manage/networks/north/").text
    assert "Northern Cluster" in desk.get("/manage/networks/north/needs").text


def test_a_membership_is_ended_and_brought_back(desk: FlaskClient, north: Cast) -> None:
    number = _membership(north.north, north.company.id).id

    desk.post(f"{MEMBERS}/{number}", data={"action": "end"})
    assert "Peptide synthesis" not in desk.get("/networks/north/search").text
    assert "Peptide Works" in desk.get(f"{MEMBERS}?state=over").text
    desk.post(f"{MEMBERS}/{number}", data={"action": "back"})
    assert "Peptide synthesis" in desk.get("/networks/north/search").text


def test_of_two_who_change_a_membership_the_second_is_told(desk: FlaskClient, north: Cast) -> None:
    membership = _membership(north.north, north.company.id)
    opened = seen(membership)
    first = desk.post(f"{MEMBERS}/{membership.id}", data={"opened": opened, "note": "Pays."})
    second = desk.post(f"{MEMBERS}/{membership.id}", data={"opened": opened, "note": "Pays never."})

    assert first.status_code == 303
    assert second.status_code == 409
    assert "Pays never." in second.text
    assert _membership(north.north, north.company.id).note == "Pays."


def test_the_page_is_written_in_several_languages(desk: FlaskClient, north: Cast) -> None:
    form = {"opened": seen(north.north), "names_en": "Northern Cluster", "names_sv": "Norra klustret",
            "texts_sv": "Vi i norr.", "published": "y", "takes_applications": "y",
            "listing": north.university.path}  # fmt: skip
    assert desk.get("/manage/networks/north/page").status_code == 200
    assert desk.post("/manage/networks/north/page", data=form).status_code == 303

    assert north.university.path in desk.get("/manage/networks/north/page").text
    page = desk.get("/networks/north", headers={"Accept-Language": "sv"}).text
    assert "Norra klustret" in page
    assert '<div class="prose" lang="sv">' in desk.get("/networks/north", headers={"Accept-Language": "en"}).text
    late = desk.post("/manage/networks/north/page", data=form | {"names_en": "Cluster of the North"})
    assert late.status_code == 409
    assert "Cluster of the North" in late.text


def test_a_networks_own_listing_is_one_that_answers_for_it(app: Flask, desk: FlaskClient, north: Cast) -> None:
    form = {"opened": seen(north.north), "names_en": "Northern Cluster", "listing": north.outsider.path}
    refused = desk.post("/manage/networks/north/page", data=form)
    assert refused.status_code == 422
    assert "Name a member of the network" in refused.text
    assert f'value="{north.outsider.path}"' in refused.text
    site = owner_pages(app, add_user("Site Desk", site_role=SiteRole.MODERATOR))
    assert site.post("/manage/networks/north/page", data=form).status_code == 303
    again = form | {
        "opened": seen(db.session.get_one(Network, north.north.id, populate_existing=True)),
        "region": "North",
    }
    assert desk.post("/manage/networks/north/page", data=again).status_code == 303


def test_only_administrators_choose_the_host(desk: FlaskClient, north: Cast) -> None:
    form = {"opened": seen(north.north), "names_en": "Northern Cluster", "host": "north.example.org"}
    desk.post("/manage/networks/north/page", data=form)

    assert db.session.scalar(sa.select(Network.host).where(Network.slug == "north")) is None


def test_a_logo_is_written_anew_and_kept(desk: FlaskClient, north: Cast) -> None:
    picture = BytesIO()
    Image.new("RGB", (300, 120), "teal").save(picture, "PNG")
    form = {"opened": seen(north.north), "names_en": "Northern Cluster", "published": "y"}
    sent = form | {"logo_file": (BytesIO(picture.getvalue()), "logo.png")}

    assert desk.post("/manage/networks/north/page", data=sent).status_code == 303
    logo = db.session.scalar(sa.select(Network.logo).where(Network.slug == "north")) or ""
    assert logo.endswith(".webp")
    with desk.get(logo) as picture_again:
        assert picture_again.status_code == 200
    assert logo in set(_mentions(now()))
    assert logo in desk.get("/networks").text


def test_what_is_no_picture_is_refused_beside_the_field(desk: FlaskClient, north: Cast) -> None:
    form = {"opened": seen(north.north), "names_en": "Kept", "logo_file": (BytesIO(b"no picture"), "logo.png")}
    answer = desk.post("/manage/networks/north/page", data=form)

    assert answer.status_code == 422
    assert 'id="logo_file-error"' in answer.text
    assert 'value="Kept"' in answer.text


def test_hubs_and_categories_come_and_go(desk: FlaskClient, north: Cast) -> None:
    hub = {"names_en": "Inland", "radius_km": "80", "city": "Oslo"}
    assert desk.post("/manage/networks/north/hubs/new", data=hub).status_code == 303
    assert "Inland" in desk.get("/networks/north/hubs/inland").text
    desk.post("/manage/networks/north/hubs/inland/order", data={"action": "up"})
    assert [each.slug for each in db.session.scalars(sa.select(Hub).order_by(Hub.position))] == ["inland", "coast"]
    desk.post("/manage/networks/north/hubs/coast/order", data={"action": "remove"})
    assert "Fjord University" in desk.get("/networks/north/members").text
    assert desk.get("/networks/north/hubs/coast").status_code == 404

    category = {"names_en": "Hospitals", "fee": "1,000 NOK"}
    assert desk.post("/manage/networks/north/categories/new", data=category).status_code == 303
    made = db.session.scalars(sa.select(MemberCategory).where(MemberCategory.slug == "hospitals")).one()
    assert "1,000 NOK" in desk.get("/networks/north/join").text
    desk.post(f"/manage/networks/north/categories/{made.id}", data={"action": "remove"})
    assert "1,000 NOK" not in desk.get("/networks/north/join").text


def test_a_hubs_desk_keeps_its_page_and_members_alone(app: Flask, desk: FlaskClient, north: Cast) -> None:
    theirs = owner_pages(app, north.hub_desk)
    company = _membership(north.north, north.company.id)

    theirs.post("/manage/networks/north/hubs/coast/members", data={"membership": company.id, "action": "in"})
    assert "Peptide Works" in theirs.get("/networks/north/hubs/coast").text
    assert "Peptide synthesis" in theirs.get("/networks/north/search?hub=north/coast").text
    form = {"opened": seen(db.session.get_one(Hub, north.hub.id)), "names_en": "Coast", "texts_en": "Salt.",
            "radius_km": "40"}  # fmt: skip
    assert theirs.post("/manage/networks/north/hubs/coast", data=form).status_code == 303
    assert "Salt." in theirs.get("/networks/north/hubs/coast").text
    assert theirs.get(MEMBERS).status_code == 403
    assert theirs.post("/manage/networks/north/page", data={}).status_code == 403


def test_a_hubs_desk_cannot_take_members_of_another_hub(app: Flask, desk: FlaskClient, north: Cast) -> None:
    other = Hub(network_id=north.north.id, slug="inland", names={"en": "Inland"})
    db.session.add(other)
    db.session.flush()
    company = _membership(north.north, north.company.id)
    company.hub_id = other.id
    db.session.commit()
    answer = owner_pages(app, north.hub_desk).post(
        "/manage/networks/north/hubs/coast/members", data={"membership": company.id, "action": "in"}
    )

    assert answer.status_code == 403


def test_a_list_says_what_it_would_change_before_it_does(desk: FlaskClient, north: Cast) -> None:
    text = "name,category,since\nLonely Labs,Companies,2026-01-01\nPeptide Works,companies,2024-05-01\n"
    answer = desk.post(f"{MEMBERS}/list", data={"list": text})
    assert answer.status_code == 200
    assert len(members_of(north.north)) == 2

    assert desk.post(f"{MEMBERS}/list", data={"list": text, "sure": "1"}).status_code == 303
    assert len(members_of(north.north)) == 3
    assert "Lonely Labs" in desk.get("/networks/north/search?kind=organisation").text


def test_a_list_with_a_wrong_line_changes_nothing(desk: FlaskClient, north: Cast) -> None:
    text = "name,since\nLonely Labs,2026-01-01\nNobody Knows Us,2026-01-01\n"
    answer = desk.post(f"{MEMBERS}/list", data={"list": text, "sure": "1"})

    assert answer.status_code == 422
    assert "Nobody Knows Us" in answer.text
    assert len(members_of(north.north)) == 2


def test_the_list_of_the_desk_can_be_sent_back_unchanged(desk: FlaskClient, north: Cast) -> None:
    text = desk.get("/networks/north/members.csv").data
    answer = desk.post(f"{MEMBERS}/list", data={"file": (BytesIO(text), "members.csv")})

    assert answer.status_code == 200
    assert "Everything in the list is as it is here." in answer.text


def test_somebody_is_invited_to_the_desk_and_joins_it(app: Flask, desk: FlaskClient, north: Cast) -> None:
    newcomer = add_user("New Colleague")
    desk.post("/manage/networks/north/people", data={"email": newcomer.email, "hub_id": str(north.hub.id)})
    letter = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.to == newcomer.email)).one()
    invitation = db.session.scalars(sa.select(Invitation).where(Invitation.email == newcomer.email)).one()
    assert path_of(invitation) in letter.text
    assert "Coast" in letter.subject

    theirs = owner_pages(app, newcomer)
    assert theirs.get("/manage/networks/north/hubs/coast").status_code == 403
    theirs.post(path_of(invitation))
    assert theirs.get("/manage/networks/north/hubs/coast").status_code == 200
    assert theirs.get("/manage/networks/north/").status_code == 403
    assert "New Colleague" in desk.get("/manage/networks/north/people").text


def test_who_is_removed_from_the_desk_has_no_right_left(app: Flask, desk: FlaskClient, north: Cast) -> None:
    grant = next(each for each in db.session.scalars(sa.select(NetworkGrant)) if each.user_id == north.hub_desk.id)
    desk.post(f"/manage/networks/north/people/{grant.id}")

    assert owner_pages(app, north.hub_desk).get("/manage/networks/north/hubs/coast").status_code == 403


def test_the_sites_desk_makes_a_network_and_invites_its_desk(app: Flask, north: Cast) -> None:
    moderator = owner_pages(app, add_user("Moderator", site_role=SiteRole.ADMINISTRATOR))
    form = {"name": "Cancer Cluster", "kind": "cluster", "email": "first@example.org"}
    answer = moderator.post("/moderate/networks", data=form)

    assert answer.location == "/manage/networks/cancer-cluster/page"
    assert app.test_client().get("/networks/cancer-cluster").status_code == 404
    assert db.session.scalars(sa.select(Invitation).where(Invitation.email == "first@example.org")).one().network_id
    assert moderator.post("/moderate/networks", data=form).status_code == 422


def test_every_change_is_in_the_log(desk: FlaskClient, north: Cast) -> None:
    desk.post(f"{MEMBERS}/add?organisation={north.outsider.id}", data={})

    act = db.session.scalars(sa.select(NetworkAct).order_by(NetworkAct.id.desc())).first()
    assert act is not None
    assert (act.what, act.about, act.made_by) == ("member_added", "Lonely Labs", "North Desk")
    assert "Lonely Labs" in desk.get("/manage/networks/north/log").text


def test_a_network_that_is_hidden_again_narrows_no_search(desk: FlaskClient, north: Cast) -> None:
    form = {"opened": seen(north.north), "names_en": "Northern Cluster"}
    desk.post("/manage/networks/north/page", data=form)

    assert "Orbitrap of the north" not in desk.get("/search?network=north").text


def test_desk_pages_send_as_many_statements_for_many_members_as_for_few(desk: FlaskClient, north: Cast) -> None:
    addresses = (MEMBERS, "/manage/networks/north/", "/manage/networks/north/hubs/coast/members")
    before = [_count(desk, address) for address in addresses]
    for number in range(8):
        join(north.north, add(Kind.ORGANISATION, f"Member {number}"), since=today() - timedelta(days=number))
    db.session.commit()

    assert [_count(desk, address) for address in addresses] == before


def _membership(network: Network, organisation_id: int) -> Membership:
    query = sa.select(Membership).where(Membership.network_id == network.id)
    query = query.where(Membership.organisation_id == organisation_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _count(client: FlaskClient, address: str) -> int:
    client.get(address)
    with statements() as sent:
        assert client.get(address).status_code == 200
    return len(sent)
