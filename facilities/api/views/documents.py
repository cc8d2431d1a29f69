"""What the interface is, for programs and for people."""

from typing import Any

from flask import current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.models import Scope
from facilities.api.access import MOST_BYTES, MOST_BYTES_IN_BULK, PER_MINUTE, PER_MINUTE_WITH_TOKEN
from facilities.api.openapi import document
from facilities.api.operations import OPERATIONS
from facilities.api.problems import CODES
from facilities.api.shapes import MOST_RECORDS
from facilities.api.views import bp, pages

MIB = 1024 * 1024


@bp.get("/openapi.json")
@allow(anyone)
def openapi() -> ResponseReturnValue:
    return jsonify(document())


@pages.get("/api")
@allow(anyone)
def guide() -> ResponseReturnValue:
    limits: dict[str, Any] = {
        "with_token": PER_MINUTE_WITH_TOKEN.split()[0],
        "without_token": PER_MINUTE.split()[0],
        "records": MOST_RECORDS,
        "size": MOST_BYTES // MIB,
        "size_in_bulk": MOST_BYTES_IN_BULK // MIB,
    }
    return render_template(
        "api/guide.html", codes=CODES, limits=limits, operations=OPERATIONS, scopes=list(Scope),
        site=current_app.config["SITE_URL"],
    )  # fmt: skip
