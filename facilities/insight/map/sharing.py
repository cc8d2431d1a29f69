"""The map elsewhere: in a frame of another site, by one script, and as a picture."""

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.limits import address_block, spend
from facilities.catalogue.queries import published_by_ids
from facilities.insight.map.base import STATIC
from facilities.insight.map.drawing import Picture, drawing, png
from facilities.insight.map.places import about, found_by
from facilities.insight.map.views import map_words, query_of, view_asked
from facilities.packing import packed
from facilities.pages import may_be_framed
from facilities.search.links import address
from facilities.search.narrowing import in_words

bp = Blueprint("shared_map", __name__)

PICTURES_FROM_ADDRESS = "60 per hour"
FRAME_HEIGHT = 480
LISTED = 20
HOUR = 3600


@bp.route("/map/embed")
@bp.route("/networks/<slug>/map/embed")
@allow(anyone)
@may_be_framed
def embed(slug: str = "") -> ResponseReturnValue:
    """The map alone, for a frame in another site's page."""
    query = query_of(slug)
    found = found_by(query)
    site = current_app.config["SITE_URL"]
    words = map_words(query, found)
    page = render_template(
        "insight/map/embed.html",
        embedded=True,
        said=in_words(query),
        total=found.total,
        full_url=site + query.url,
        listings=published_by_ids(found.ids[:LISTED].tolist()),
        about=about,
        **words,
    )
    return packed(make_response(page))


@bp.route("/map/embed.js")
@allow(anyone)
def embed_script() -> ResponseReturnValue:
    """The script that makes the frame; its address stays, whatever it says."""
    response = Response((STATIC / "map-embed.js").read_bytes(), mimetype="text/javascript")
    response.cache_control.public, response.cache_control.max_age = True, HOUR
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.route("/map/share")
@bp.route("/networks/<slug>/map/share")
@allow(anyone)
def share(slug: str = "") -> ResponseReturnValue:
    """What to copy to have the map of these filters elsewhere."""
    query = query_of(slug)
    area = {"area": request.args["area"]} if "area" in request.args else {}
    view = request.args.get("view", "")
    return render_template(
        "insight/map/share.html",
        said=in_words(query),
        map_url=query.url + (f"#{view}" if view else ""),
        frame_url=address(f"{query.base}/embed", query),
        filters=address("", query).removeprefix("?"),
        slug=slug,
        height=FRAME_HEIGHT,
        svg_url=address(f"{query.base}.svg", query, **area),
        png_url=address(f"{query.base}.png", query, **area),
    )


@bp.route("/map.<any(svg, png):ending>")
@bp.route("/networks/<slug>/map.<any(svg, png):ending>")
@allow(anyone)
def picture(ending: str, slug: str = "") -> ResponseReturnValue:
    """The map as a drawing or a picture; `area` and `width` (pixels) say what it shows and how large it is."""
    spend(PICTURES_FROM_ADDRESS, "map picture", address_block())
    query = query_of(slug)
    area = view_asked().area if "area" in request.args else None
    drawn = drawing(query, found_by(query), Picture.asked(area, request.args.get("width", 0, type=int)))
    body = drawn.encode() if ending == "svg" else png(drawn)
    response = Response(body, mimetype="image/svg+xml" if ending == "svg" else "image/png")
    response.headers["Content-Disposition"] = f"inline; filename=map.{ending}"
    response.headers["X-Robots-Tag"] = "noindex"
    return packed(response) if ending == "svg" else response
