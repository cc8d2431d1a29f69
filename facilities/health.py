"""Whether the process lives (`/healthz`), and whether it can do its work (`/readyz`)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.db import db, now
from facilities.outbox.models import JobKind
from facilities.outbox.queries import oldest_waiting
from facilities.search.index import index

LATE = 300

bp = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.route("/healthz")
@allow(anyone)
def alive() -> ResponseReturnValue:
    return jsonify(status="alive")


@bp.route("/readyz")
@allow(anyone)
def ready() -> ResponseReturnValue:
    """503 unless the database answers and the index exists; how long index and mail have been waiting, in seconds."""
    db.session.execute(sa.select(1))
    lag = {kind.value: _age(oldest_waiting(kind)) for kind in JobKind}
    found: dict[str, Any] = {"database": True, "index": index().exists(), "waiting_seconds": lag}
    late = any(seconds > LATE for seconds in lag.values())
    return jsonify(**found, late=late), 200 if found["index"] else 503


def _age(moment: datetime | None) -> int:
    return int((now() - moment).total_seconds()) if moment else 0
