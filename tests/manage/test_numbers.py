"""Numbers for owners: what is counted, of whom, at what cost, and what the pages and files say."""

import csv
import io
import sys
import time
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.models import DailyNumber, EnquiryStatus, Stage
from facilities.enquiries.numbers import flush, noting
from facilities.enquiries.numbers.charts import bar_chart
from facilities.enquiries.numbers.months import months_until, numbers_by_listing, numbers_of
from facilities.enquiries.numbers.writing import Counts
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.listings import small_catalogue
from tests.manage.owner_pages import Cast
from tests.people import add_user, client_of

BROWSER = {"User-Agent": "Mozilla/5.0"}
EVERYTHING = sa.select(Listing.id)


def opened(app: Flask, address: str, **headers: str) -> None:
    with app.test_client().get(address, headers=BROWSER | headers) as answer:
        assert answer.status_code == 200


def counted(app: Flask, listing: Listing) -> tuple[int, int]:
    """Views and times found, once all that has gathered is written."""
    flush(app)
    db.session.rollback()
    rows = db.session.scalars(sa.select(DailyNumber).where(DailyNumber.listing_id == listing.id)).all()
    db.session.rollback()
    return sum(row.views for row in rows), sum(row.found for row in rows)


def asked(listing: Listing, on: date, days: int | None = None, **thread: object) -> None:
    """An enquiry of that day at noon, answered so many days later."""
    enquiry = enquiry_to(listing)
    enquiry.threads[0].asked_at = now().replace(year=on.year, month=on.month, day=on.day, hour=12)
    if days is not None:
        enquiry.threads[0].first_answered_at = enquiry.threads[0].asked_at + timedelta(days=days)
    for name, value in thread.items():
        setattr(enquiry if name == "stage" else enquiry.threads[0], name, value)
    db.session.add(enquiry)
    db.session.commit()


def test_a_view_and_a_place_among_results_are_counted(app_on: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    for _time in range(3):
        opened(app_on, microscope.path)
    opened(app_on, "/search?q=confocal")
    assert counted(app_on, microscope) == (3, 1)
    opened(app_on, microscope.path)
    assert counted(app_on, microscope) == (4, 1)
    assert counted(app_on, facility)[0] == 0


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": "Googlebot/2.1"}, {"User-Agent": "python-requests/2"}, {"Sec-Purpose": "prefetch;prerender"}],
)
def test_robots_and_pages_loaded_ahead_are_not_counted(app: Flask, catalogue: Cast, headers: dict[str, str]) -> None:
    opened(app, catalogue[2].path, **headers)
    opened(app, "/search?q=confocal", **headers)
    assert counted(app, catalogue[2]) == (0, 0)


def test_owners_do_not_count_themselves(app: Flask, catalogue: Cast) -> None:
    owner = client_of(app, add_user("Eddie Editor", editor_of=catalogue[1]))
    owner.get(catalogue[2].path, headers=BROWSER)
    assert counted(app, catalogue[2]) == (0, 0)


def test_counting_asks_the_database_nothing(app: Flask, catalogue: Cast) -> None:
    opened(app, catalogue[2].path)
    with statements() as counting:
        opened(app, catalogue[2].path)
    with statements() as without:
        app.test_client().get(catalogue[2].path, headers={"User-Agent": "Googlebot"})
    assert counting == without
    assert "daily_numbers" not in "".join(counting)
    assert app.extensions["daily_numbers"].waiting[catalogue[2].id, now().date()] == Counts(views=2)


def test_what_has_gathered_is_written_after_a_while_without_being_asked(
    app: Flask, catalogue: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = app.extensions["daily_numbers"]
    notes.written = time.monotonic() - noting.EVERY - 1
    opened(app, catalogue[2].path)
    assert not notes.waiting
    assert db.session.get_one(DailyNumber, (catalogue[2].id, now().date())).views == 1


def test_a_listing_that_is_gone_costs_the_others_nothing(app_on: Flask) -> None:
    microscope = small_catalogue()[2]
    notes, today = app_on.extensions["daily_numbers"], now().date()
    notes.add({(999_999, today): Counts(views=1), (microscope.id, today): Counts(views=2, found=3)})
    assert counted(app_on, microscope) == (2, 3)


def test_memory_stays_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "MOST_WAITING", 2)
    notes, today = noting.Notes(), now().date()
    for number in (1, 2, 3, 1):
        notes.add({(number, today): Counts(views=1)})
    assert notes.take() == {(1, today): Counts(views=2), (2, today): Counts(views=1)}


def test_months_are_the_last_twelve_across_the_year() -> None:
    months = months_until(date(2027, 2, 28), 12)
    assert (months[0], months[9], months[-1]) == (date(2026, 3, 1), date(2026, 12, 1), date(2027, 2, 1))


def test_numbers_are_summed_by_month_on_both_databases(app_on: Flask) -> None:
    university, facility, microscope = small_catalogue()
    days = [
        (facility, date(2027, 1, 31), 4, 9),
        (facility, date(2027, 2, 1), 1, 0),
        (microscope, date(2027, 1, 2), 2, 2),
    ]
    db.session.add_all(DailyNumber(listing_id=of.id, day=day, views=v, found=f) for of, day, v, f in days)
    db.session.add(DailyNumber(listing_id=facility.id, day=date(2026, 1, 31), views=100, found=100))
    db.session.commit()
    for days_until_answer in (1, 2, 5, None):  # Monday 4 January to Tuesday, Wednesday, Saturday
        asked(facility, date(2027, 1, 4), days_until_answer)
    asked(facility, date(2027, 1, 4), 1, stage=Stage.HELD)
    asked(facility, date(2027, 1, 4), 1, status=EnquiryStatus.SPAM)
    january, february = numbers_of(EVERYTHING, date(2027, 2, 15)).months[-2:]
    assert (january.views, january.found, january.enquiries, len(january.answers)) == (6, 11, 4, 3)
    assert (february.views, february.found, february.enquiries, february.usual_days) == (1, 0, 0, None)
    assert january.usual_days == 1  # days after Twelfth Night do not count in Sweden: 1, 1 and 3 working days
    by_listing = numbers_by_listing(EVERYTHING, date(2027, 2, 15))
    assert {of: each.total.views for of, each in by_listing.items()} == {facility.id: 5, microscope.id: 2}
    assert by_listing[facility.id].total.enquiries == 4
    assert university.id not in by_listing


def test_a_manager_sees_the_numbers_of_a_listing_and_of_all_below_it(
    app: Flask, pages: FlaskClient, catalogue: Cast
) -> None:
    today = now().date()
    db.session.add(DailyNumber(listing_id=catalogue[1].id, day=today, views=1200, found=30))
    db.session.add(DailyNumber(listing_id=catalogue[2].id, day=today, views=34, found=5))
    db.session.commit()
    asked(catalogue[1], today, 0)
    here = f"/manage/listings/{catalogue[1].id}/numbers"
    alone, below = pages.get(here).text, pages.get(f"{here}?below=1").text
    assert "<dd>1,200</dd>" in alone
    assert "1 working day" in alone
    assert "<dd>1,234</dd>" in below
    overview = pages.get("/manage/numbers").text
    assert overview.index("Lumen Imaging</a>") < overview.index("Zeiss LSM 880</a>")
    assert "Skerry University</a>" not in overview


def test_the_desk_sees_the_numbers_of_all(app: Flask, catalogue: Cast) -> None:
    desk = client_of(app, add_user("Dora Desk", site_role=SiteRole.MODERATOR))
    assert "Skerry University</a>" in desk.get("/manage/numbers").text


def test_charts_keep_to_the_rules_of_the_page(app: Flask) -> None:
    with app.test_request_context():
        chart = str(bar_chart("Views <by> month", months_until(date(2027, 2, 1), 12), [*range(11), 1200]))
    assert chart.count('class="rect') == 12
    assert "Views &lt;by&gt; month" in chart
    assert not any(type(finder).__module__ == "pygal" for finder in sys.meta_path)
    assert not any(mark in chart for mark in ("<script", "<style", "style=", "onclick", "javascript"))


def test_the_file_has_a_row_for_each_listing_and_month_and_no_formulas(
    app: Flask, pages: FlaskClient, catalogue: Cast
) -> None:
    catalogue[1].name = "=Lumen"
    db.session.add(DailyNumber(listing_id=catalogue[1].id, day=now().date(), views=7, found=3))
    db.session.commit()
    asked(catalogue[1], now().date(), 0)
    file = pages.get("/manage/numbers.csv")
    assert file.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert (len(rows), rows[-1]["Month"], rows[-1]["Listing"]) == (12, f"{now():%Y-%m}", "'=Lumen")
    assert (rows[-1]["Views"], rows[-1]["Enquiries"], rows[-1]["Answered"]) == ("7", "1", "1")
    empty = pages.get(f"/manage/listings/{catalogue[2].id}/numbers.csv").data.decode("utf-8-sig")
    assert [row["Views"] for row in csv.DictReader(io.StringIO(empty))] == ["0"] * 12


def test_the_pages_cost_the_same_however_many_listings_and_days(
    app: Flask, pages: FlaskClient, catalogue: Cast
) -> None:
    addresses = ["/manage/numbers", f"/manage/listings/{catalogue[1].id}/numbers?below=1", "/manage/numbers.csv"]
    few = [_statements(pages, address) for address in addresses]
    today = now().date()
    for back in range(40):
        for listing in catalogue[1:]:
            db.session.add(DailyNumber(listing_id=listing.id, day=today - timedelta(days=back), views=1, found=1))
    db.session.commit()
    for listing in catalogue[1:]:
        asked(db.session.get_one(Listing, listing.id), today, 0)
    assert [_statements(pages, address) for address in addresses] == few
    assert max(few) <= 8


def _statements(pages: FlaskClient, address: str) -> int:
    db.session.close()
    with statements() as sent:
        assert pages.get(address).status_code == 200
    return len(sent)
