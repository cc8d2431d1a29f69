"""The table of one's listings: narrowed, sorted, paged; several changed at once."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole, User
from facilities.catalogue.models import Kind, Status
from facilities.db import db, now
from facilities.manage.queries import NEEDS, SORTS, Wanted, count_listings, emptiest, listing_lines, owned_ids
from facilities.moderation.proposals import propose_changes
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user


def names(pages: FlaskClient, query: str = "") -> list[str]:
    """The names in the table, in its order."""
    import re

    page = pages.get(f"/manage/listings{query}")
    assert page.status_code == 200
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page.text)


def test_only_ones_own_listings_are_in_the_table(pages: FlaskClient, catalogue: Cast) -> None:
    add(Kind.FACILITY, "Elsewhere")
    assert names(pages) == ["Lumen Imaging", "Zeiss LSM 880"]


def test_withdrawing_is_offered_to_those_who_may(app: Flask, pages: FlaskClient, catalogue: Cast) -> None:
    editor = owner_pages(app, add_user("Ed Editor", editor_of=catalogue[1]))
    desk = owner_pages(app, add_user("Desk", site_role=SiteRole.MODERATOR))
    offers = ['value="withdraw"' in each.get("/manage/listings").text for each in (pages, editor, desk)]
    assert offers == [True, False, True]
    assert 'value="confirm"' in editor.get("/manage/listings").text


def test_the_desk_sees_all(app: Flask, catalogue: Cast) -> None:
    add(Kind.FACILITY, "Elsewhere")
    desk = owner_pages(app, add_user("Desk", site_role=SiteRole.MODERATOR))
    assert names(desk) == ["Elsewhere", "Lumen Imaging", "Skerry University", "Zeiss LSM 880"]


def test_filters_narrow_the_table(pages: FlaskClient, catalogue: Cast) -> None:
    add(Kind.INSTRUMENT, "Ångström probe", parent=catalogue[1], inventory_number="INV-7", serial_number="S 1")
    draft = add(Kind.SERVICE, "Sorting", parent=catalogue[1])
    draft.status = Status.DRAFT
    db.session.commit()
    assert names(pages, "?q=angstrom") == ["Ångström probe"]
    assert names(pages, "?q=ÅNGSTRÖM") == ["Ångström probe"]
    assert names(pages, "?q=INV-7") == ["Ångström probe"]
    assert names(pages, "?kind=service") == ["Sorting"]
    assert names(pages, "?status=draft") == ["Sorting"]
    assert names(pages, "?q=%25") == []
    assert names(pages, "?kind=nonsense&status=x&needs=y&sort=z&page=-1") == [
        "Ångström probe", "Lumen Imaging", "Sorting", "Zeiss LSM 880"]  # fmt: skip


def test_what_listings_need_narrows_the_table(pages: FlaskClient, catalogue: Cast, manager: User) -> None:
    _university, facility, microscope = catalogue
    facility.confirmed_at, microscope.confirmed_at = now() - timedelta(days=500), now()
    microscope.withdraw_on = (now() + timedelta(days=5)).date()
    propose_changes(microscope, {"summary": "New"}, by=manager.actor)
    db.session.commit()
    assert names(pages, "?needs=confirm") == ["Lumen Imaging"]
    assert names(pages, "?needs=waiting") == ["Zeiss LSM 880"]
    assert names(pages, "?needs=withdrawal") == ["Zeiss LSM 880"]
    assert names(pages, "?needs=missing") == ["Lumen Imaging", "Zeiss LSM 880"]
    assert names(pages, "?needs=sent_back") == names(pages, "?needs=links") == []
    page = pages.get("/manage/listings").text
    assert "Changes waiting" in page and "Goes on" in page


def test_every_need_and_order_is_known_on_both_databases(app_on: Flask) -> None:
    _university, facility, _microscope = small_catalogue()
    ids = owned_ids(add_user("Maja", manager_of=facility))
    for need in NEEDS:
        lines, total = listing_lines(ids, Wanted(needs=need), 1)
        assert len(lines) == total == count_listings(ids, Wanted(needs=need))
    for sort in SORTS:
        up = [line.id for line in listing_lines(ids, Wanted(sort=sort), 1)[0]]
        down = [line.id for line in listing_lines(ids, Wanted(sort=sort, down=True), 1)[0]]
        assert sorted(up) == sorted(down) and len(up) == 2
    assert [line.name for line in listing_lines(ids, Wanted(text="zeiss"), 1)[0]] == ["Zeiss LSM 880"]
    assert listing_lines(ids, Wanted(), 1)[0][0].overdue is False
    assert [line.name for line in emptiest(ids, 1)[0]] and emptiest(ids, 1)[1] == 2
    assert listing_lines(ids, Wanted(), 7) == ([], 2)


def test_the_emptiest_come_first_when_sorted_by_completeness(pages: FlaskClient, catalogue: Cast) -> None:
    first = names(pages, "?sort=complete")
    assert names(pages, "?sort=complete&down=1") == first[::-1]


def test_long_tables_are_paged_in_the_same_number_of_statements(pages: FlaskClient, catalogue: Cast) -> None:
    pages.get("/manage/listings")
    with statements() as few:
        pages.get("/manage/listings")
    for number in range(60):
        add(Kind.INSTRUMENT, f"Microscope {number:02}", parent=catalogue[1])
    with statements() as many:
        assert len(names(pages)) == 50
    assert len(many) == len(few) <= 12
    assert names(pages, "?page=2")[-1] == "Zeiss LSM 880"
    assert names(pages, "?page=99") == []


def several(pages: FlaskClient, act: str, *listings: Any, **more: str) -> Any:
    return pages.post("/manage/listings/several", data={"act": act, "listing": [each.id for each in listings], **more})


def test_several_are_confirmed_at_once(pages: FlaskClient, catalogue: Cast) -> None:
    answer = several(pages, "confirm", *catalogue, back="/manage/listings?kind=facility")
    assert answer.headers["Location"] == "/manage/listings?kind=facility"
    assert anew(catalogue[1]).confirmed_at and anew(catalogue[2]).confirmed_at
    assert anew(catalogue[0]).confirmed_at is None, "the university is not hers"


def test_the_way_back_leads_nowhere_else(pages: FlaskClient, catalogue: Cast) -> None:
    for back in ("https://evil.example", "//evil.example", "/manage/listings\r\nX: y", "/manage/\\evil"):
        assert several(pages, "confirm", catalogue[1], back=back).headers["Location"] == "/manage/listings"


def test_several_are_taken_along_to_the_export(pages: FlaskClient, catalogue: Cast) -> None:
    answer = several(pages, "export", catalogue[1], catalogue[2])
    assert answer.headers["Location"] == f"/manage/export?listing={catalogue[1].id}&listing={catalogue[2].id}"


def test_nothing_ticked_is_said(pages: FlaskClient, catalogue: Cast) -> None:
    assert several(pages, "withdraw").status_code == 303
    assert "Tick the listings first." in pages.get("/manage/listings").text


def test_several_are_withdrawn_with_one_reason_and_all_below(pages: FlaskClient, catalogue: Cast) -> None:
    _university, facility, microscope = catalogue
    asked = several(pages, "withdraw", facility)
    assert asked.status_code == 200
    assert "One listing that belongs to these goes with them." in asked.text
    assert anew(facility).status == Status.PUBLISHED
    assert several(pages, "withdraw_now", facility, reason="  ").status_code == 422
    assert several(pages, "withdraw_now", facility, reason="Closed for good").status_code == 303
    for listing in (facility, microscope):
        assert anew(listing).status == Status.WITHDRAWN
        assert anew(listing).withdrawn_reason == "Closed for good"
        assert pages.get(listing.path).status_code == 410


def test_editors_withdraw_nothing(app: Flask, catalogue: Cast) -> None:
    editor = owner_pages(app, add_user("Eddie", editor_of=catalogue[1]))
    assert several(editor, "withdraw_now", catalogue[1], reason="Gone").status_code == 303
    assert anew(catalogue[1]).status == Status.PUBLISHED
    assert "None of these can be withdrawn by you" in editor.get("/manage/listings").text


def test_the_short_address_leads_to_the_form(app: Flask, pages: FlaskClient, catalogue: Cast) -> None:
    assert pages.get(f"/manage/listings/{catalogue[2].id}").headers["Location"].endswith("/edit")
    assert pages.get(f"/manage/listings/{catalogue[0].id}").status_code == 403
    assert owner_pages(app, add_user("Stranger")).get(f"/manage/listings/{catalogue[2].id}").status_code == 403
