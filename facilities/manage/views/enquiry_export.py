"""Owners take along what was asked of their listings."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from flask import Response, abort, request, stream_with_context
from flask.typing import ResponseReturnValue

from facilities.access import allow, signed_in
from facilities.accounts.rights import Level
from facilities.enquiries.keeping.owners_copy import threads_csv, threads_json
from facilities.manage.queries import granted_ids
from facilities.manage.views import bp
from facilities.manage.views.home import user


class Format(NamedTuple):
    """How a copy is written, its type and the end of its name."""

    write: Callable[[sa.Select[int]], Iterator[bytes]]
    media_type: str
    ending: str


FORMATS = {
    "csv": Format(threads_csv, "text/csv; charset=utf-8", "csv"),
    "json": Format(threads_json, "application/x-ndjson", "jsonl"),
}


@bp.get("/enquiries/export")
@allow(signed_in)
def export_enquiries() -> ResponseReturnValue:
    """Threads about listings that the user manages; a moderator's own, too, not everybody's."""
    wanted = FORMATS.get(request.args.get("format", "csv")) or abort(404)
    body = stream_with_context(wanted.write(granted_ids(user(), Level.MANAGER)))
    headers = {"Content-Disposition": f"attachment; filename=enquiries.{wanted.ending}", "Cache-Control": "no-store"}
    return Response(body, content_type=wanted.media_type, headers=headers)
