"""How often listings are opened, found and asked about, and how soon they answer."""

import sqlalchemy as sa
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_see_numbers
from facilities.catalogue.models import LISTINGS, Kind, Listing
from facilities.db import ID, now
from facilities.enquiries.numbers.charts import bar_chart, month_of_year
from facilities.enquiries.numbers.months import Numbers, numbers_of
from facilities.manage.numbers import PER_PAGE, Ids, listing_lines, months_csv
from facilities.manage.queries import owned_ids, tree_ids
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.paging import asked_page, pages_of


@bp.route("/numbers")
@allow(signed_in)
def numbers() -> ResponseReturnValue:
    """The sums over all listings of the user, and a line for each; for the desk over all."""
    ids, today = owned_ids(user()), now().date()
    lines, total = listing_lines(ids, today, asked_page())
    return render_template(
        "manage/numbers/all.html", lines=lines, total=total, pages=pages_of(total, PER_PAGE),
        **_shown(numbers_of(ids, today)),
    )  # fmt: skip


@bp.route("/numbers.csv")
@allow(signed_in)
def numbers_csv() -> ResponseReturnValue:
    """The same by listing and month."""
    return _file(b"".join(months_csv(owned_ids(user()), now().date())), "numbers.csv")


@bp.route(f"/listings/<{ID}:listing_id>/numbers")
@allow(signed_in)
def listing_numbers(listing_id: int) -> ResponseReturnValue:
    """The numbers of one listing; `below` adds those of all that belongs to it."""
    listing = listing_for(listing_id, may_see_numbers)
    found = numbers_of(_ids(listing), now().date())
    return render_template(
        "manage/numbers/listing.html", listing=listing, below=_with_below(listing),
        may_have_below=listing.kind in (Kind.ORGANISATION, Kind.FACILITY), **_shown(found),
    )  # fmt: skip


@bp.route(f"/listings/<{ID}:listing_id>/numbers.csv")
@allow(signed_in)
def listing_numbers_csv(listing_id: int) -> ResponseReturnValue:
    """The same by month."""
    listing = listing_for(listing_id, may_see_numbers)
    return _file(b"".join(months_csv(_ids(listing), now().date(), always=[listing.id])), f"numbers-{listing.id}.csv")


def _ids(listing: Listing) -> Ids:
    if _with_below(listing):
        return tree_ids([listing.id])
    return sa.select(LISTINGS.c.id).where(LISTINGS.c.id == listing.id)


def _with_below(listing: Listing) -> bool:
    return request.args.get("below") == "1" and listing.kind in (Kind.ORGANISATION, Kind.FACILITY)


def _shown(found: Numbers) -> dict[str, object]:
    """What `manage/numbers/months.html` prints."""
    firsts = [month.first for month in found.months]
    charts = [
        (_("Views"), [month.views for month in found.months]),
        (_("Found in search"), [month.found for month in found.months]),
        (_("Enquiries"), [month.enquiries for month in found.months]),
    ]
    return {
        "numbers": found,
        "charts": [(label, bar_chart(_("%(what)s by month", what=label), firsts, values)) for label, values in charts],
        "month_of_year": month_of_year,
    }


def _file(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}", "X-Content-Type-Options": "nosniff"}
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)
