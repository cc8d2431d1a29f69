"""The drawings of the demo catalogue."""

from flask import abort, send_from_directory
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.views import bp
from facilities.exchange.demo import FOLDER

A_DAY = 86_400


@bp.route("/demo/images/<name>")
@allow(anyone)
def demo_image(name: str) -> ResponseReturnValue:
    if not name.endswith(".svg"):
        abort(404)
    return send_from_directory(FOLDER / "images", name, max_age=A_DAY)
