"""Broken addresses become known after three failures in three days; nothing is broken by our own fault."""

from datetime import timedelta

import sqlalchemy as sa

from facilities.accounts.models import SiteRole
from facilities.catalogue.actions import update_listing, withdraw_listing
from facilities.catalogue.models import Kind
from facilities.db import db, now
from facilities.manage import links
from facilities.manage.links import broken_links, check_links
from facilities.manage.models import LinkCheck
from facilities.manage.reaching import Guard
from tests.counting import statements
from tests.listings import add
from tests.manage.link_server import link_server
from tests.people import add_user, client_of

START = now()
OURS = f"/media/{'0' * 32}.pdf"


def guard_of(*servers) -> Guard:
    return Guard(allow_loopback=True, ports=frozenset(server.port for server in servers), pause=0.0, each=2.0)


def check_of(url: str) -> LinkCheck:
    return db.session.scalars(
        sa.select(LinkCheck).where(LinkCheck.url == url).execution_options(populate_existing=True)
    ).one()


def round_at(server, **after: float) -> int:
    return check_links(at=START + timedelta(**after), guard=guard_of(server))


def test_an_address_is_broken_after_three_failures_over_three_days(app_on):
    with link_server({"/": (200, {})}) as server:
        gone = f"{server.url}/gone"
        listing = add(Kind.FACILITY, "Lumen", url=gone, links=[{"url": f"{server.url}/", "title": "Booking"}])
        for hours in (0, 1, 37, 38):
            round_at(server, hours=hours)
            assert broken_links() == []
        round_at(server, hours=74)

    broken = broken_links()
    assert [(each.listing.id, each.url) for each in broken] == [(listing.id, gone)]
    assert "404" in broken[0].problem and broken[0].since == START + timedelta(hours=74)
    assert server.questions.count("HEAD /gone") == 3
    assert check_of(f"{server.url}/").failures == 0


def test_an_address_that_answers_again_is_no_longer_broken(app_on):
    with link_server({"/": (200, {})}) as server:
        add(Kind.FACILITY, "Lumen", url=f"{server.url}/a")
        for hours in (0, 37, 74):
            round_at(server, hours=hours)
        assert len(broken_links()) == 1
        server.answers["/a"] = (200, {})
        round_at(server, days=12)

    assert broken_links() == []
    assert check_of(f"{server.url}/a").due_at == START + timedelta(days=12 + 30)


def test_every_kind_of_address_of_published_listings_is_looked_at_and_no_other(app_on):
    with link_server({f"/{name}": (200, {}) for name in "abcd"}) as server:
        shown = add(
            Kind.FACILITY, "Lumen", url=f"{server.url}/a", links=[{"url": f"{server.url}/b"}],
            documents=[{"url": f"{server.url}/c", "title": "Prices"}, {"url": OURS, "title": "Terms"}],
        )  # fmt: skip
        withdraw_listing(add(Kind.FACILITY, "Umbra", url=f"{server.url}/d"), reason="", by="Ada")
        round_at(server, hours=0)
        round_at(server, hours=1)
        assert sorted(set(server.questions)) == ["HEAD /a", "HEAD /b", "HEAD /c"]

        update_listing(shown, {"url": "", "links": [{"url": f"{server.url}/d"}]}, by="Ada")
        round_at(server, hours=2)
        assert "HEAD /d" in server.questions
    assert set(db.session.scalars(sa.select(LinkCheck.url))) == {f"{server.url}/c", f"{server.url}/d"}


def test_only_a_few_of_one_machine_are_asked_in_a_round(app_on):
    with link_server({}) as server:
        add(Kind.FACILITY, "Lumen", links=[{"url": f"{server.url}/{number}"} for number in range(9)])
        assert round_at(server, hours=0) == links.MOST_OF_HOST
        assert round_at(server, hours=1) == links.MOST_OF_HOST


def test_when_no_machine_at_all_answers_nothing_is_counted(app_on):
    with link_server({"/": (200, {})}) as server:
        add(Kind.FACILITY, "Lumen", url=f"{server.url}/")
        add(Kind.FACILITY, "Umbra", url="http://no-such-machine.invalid/")
        guard = guard_of(server)
        guard.ports |= {80}
        check_links(at=START, guard=guard)
        assert check_of("http://no-such-machine.invalid/").failures == 1
    for days in (2, 4, 6, 40):
        check_links(at=START + timedelta(days=days), guard=guard)

    assert check_of("http://no-such-machine.invalid/").failures == 1
    assert check_of(f"{server.url}/").failures == 0 and broken_links() == []


def test_a_dead_machine_is_told_from_a_dead_network_by_one_that_was_well(app_on):
    with link_server({"/": (200, {})}) as server:
        add(Kind.FACILITY, "Lumen", url=f"{server.url}/")
        dead = add(Kind.FACILITY, "Umbra", url="http://no-such-machine.invalid/")
        guard = guard_of(server)
        guard.ports |= {80}
        for hours in (0, 37, 74):
            check_links(at=START + timedelta(hours=hours), guard=guard)

    assert [each.listing.id for each in broken_links()] == [dead.id]


def test_a_busy_machine_is_asked_again_when_it_says(app_on):
    with link_server({"/": (429, {"Retry-After": "7200"})}) as server:
        add(Kind.FACILITY, "Lumen", url=f"{server.url}/")
        assert round_at(server, hours=0) == 1
        assert round_at(server, hours=1) == 0
        assert round_at(server, hours=2.5) == 1
    check = check_of(f"{server.url}/")
    assert (check.failures, check.checked_at) == (0, None)


def test_an_address_into_a_private_network_is_reported_and_never_asked(app_on):
    with link_server({"/": (200, {})}) as server:
        add(Kind.FACILITY, "Lumen", url=f"http://localhost:{server.port}/")
        for hours in (0, 37, 74):
            check_links(at=START + timedelta(hours=hours), guard=Guard(ports=frozenset({server.port})))
        assert server.asked == []
    assert "private network" in broken_links()[0].problem


def test_one_address_that_cannot_even_be_read_does_not_stop_the_others(app_on):
    with link_server({"/": (200, {})}) as server:
        add(Kind.FACILITY, "Umbra", url="http://[not an address/")
        add(Kind.FACILITY, "Lumen", url=f"{server.url}/")
        assert round_at(server, hours=0) == 2
        assert "HEAD /" in server.questions
    assert check_of(f"{server.url}/").code == 200


def test_owners_see_the_broken_addresses_of_their_own_listings(app_on):
    with link_server({}) as server:
        one, two = (add(Kind.FACILITY, name, url=f"{server.url}/{name}") for name in ("lumen", "umbra"))
        for hours in (0, 37, 74):
            round_at(server, hours=hours)

    assert {each.listing.id for each in broken_links()} == {one.id, two.id}
    assert [each.listing.id for each in broken_links([one.id])] == [one.id]
    assert [each.listing.id for each in broken_links(sa.select(sa.literal(two.id)))] == [two.id]
    assert len(broken_links(limit=1)) == 1 and broken_links([]) == []


def test_a_round_ends_in_time_whatever_the_machines_do(app, monkeypatch):
    from time import monotonic

    monkeypatch.setattr(links, "BUDGET", 1.0)
    with link_server({f"/{number}": ("drip", {}) for number in range(4)}) as server:
        add(Kind.FACILITY, "Lumen", links=[{"url": f"{server.url}/{number}"} for number in range(4)])
        guard = guard_of(server)
        guard.each = 0.8
        began = monotonic()
        assert check_links(at=START, guard=guard) == 1
        assert monotonic() - began < 3


def test_an_operator_can_leave_it_off(app):
    app.config["CHECK_LINKS"] = False
    add(Kind.FACILITY, "Lumen", url="http://example.org/")

    assert check_links() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LinkCheck)) == 0


def test_the_desk_sees_all_broken_addresses_and_the_owner_their_own(app):
    with link_server({}) as server:
        mine, _other = (add(Kind.FACILITY, name, url=f"{server.url}/{name}") for name in ("Lumen", "Umbra"))
        for hours in (0, 37, 74):
            round_at(server, hours=hours)
    desk = client_of(app, add_user("Mona Moderator", site_role=SiteRole.MODERATOR))
    owner = client_of(app, add_user("Maja Manager", manager_of=mine))

    desk.get("/moderate/links")
    with statements() as sent:
        page = desk.get("/moderate/links").text
    assert "Lumen" in page and "Umbra" in page and "The page is not there any more (404), since" in page
    assert len(sent) <= 16
    home = owner.get("/manage/").text
    assert "Lumen" in home and "The page is not there any more (404), since" in home and "Umbra" not in home
    assert owner.get("/moderate/links").status_code == 403
    public = app.test_client().get(mine.path).text
    assert "not there any more" not in public
