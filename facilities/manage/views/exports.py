"""Taking one's own listings out again."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import Level, may_export
from facilities.catalogue.models import LISTINGS
from facilities.db import as_id
from facilities.manage import exporting
from facilities.manage.importing.queries import holders_of
from facilities.manage.queries import below_ids, owned_ids
from facilities.manage.views import bp
from facilities.manage.views.home import user

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CHOSEN = 5000


class Format(NamedTuple):
    """A kind of file: what it is called, how it is written, its type and the end of its name."""

    label: Any
    write: Callable[[exporting.Ids], bytes | Iterable[bytes]]
    media_type: str
    ending: str


FORMATS = {
    "xlsx": Format(_("Spreadsheet (XLSX)"), exporting.listings_xlsx, XLSX, "xlsx"),
    "csv": Format(_("Spreadsheet (CSV)"), exporting.listings_csv, "text/csv; charset=utf-8", "csv"),
    "uniquip-csv": Format(_("UNIQUIP (CSV)"), exporting.uniquip_csv, "text/csv; charset=utf-8", "csv"),
    "uniquip-xlsx": Format(_("UNIQUIP (XLSX)"), exporting.uniquip_xlsx, XLSX, "xlsx"),
    "json": Format(_("Records (JSON, one a line)"), exporting.records, "application/x-ndjson", "jsonl"),
}


@bp.route("/export")
@allow(signed_in)
def export() -> ResponseReturnValue:
    """Choose what to take out, and as what; with `listing`, those that were ticked."""
    chosen = _chosen()
    ids = _wanted(chosen, 0)
    below = request.args.get("below", 0, type=as_id)
    return render_template(
        "manage/export.html", formats=FORMATS, holders=holders_of(user(), below, Level.EDITOR), chosen=chosen,
        number=exporting.count(ids), below=below,
    )  # fmt: skip


@bp.route("/export/file")
@allow(signed_in)
def export_file() -> ResponseReturnValue:
    """The file."""
    wanted = FORMATS.get(request.args.get("format", "")) or abort(404)
    below = request.args.get("below", 0, type=as_id)
    if below:
        listing_for(below, may_export)
    written = wanted.write(_wanted(_chosen(), below))
    body = written if isinstance(written, bytes) else stream_with_context(iter(written))
    name = f"{'uniquip' if 'uniquip' in request.args['format'] else 'listings'}.{wanted.ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}", "X-Content-Type-Options": "nosniff"}
    return Response(body, content_type=wanted.media_type, headers=headers)


def _chosen() -> list[int]:
    """The ids of the listings that were ticked."""
    return [int(text) for text in request.args.getlist("listing")[:MOST_CHOSEN] if text.isdecimal() and len(text) < 10]


def _wanted(chosen: list[int], below: int) -> exporting.Ids:
    """Of the user's listings those that were asked for: ticked, or below one, or all."""
    wanted = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(owned_ids(user())))
    if chosen:
        return wanted.where(LISTINGS.c.id.in_(chosen))
    if below:
        return wanted.where(sa.or_(LISTINGS.c.id == below, LISTINGS.c.id.in_(below_ids(below))))
    return wanted
