"""The results of a search in other forms than the page: files, feeds, and all values of a facet."""

from hashlib import blake2b

from flask import Blueprint, Response, abort, make_response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.limits import address_block, spend
from facilities.networks.searching import query_here
from facilities.search.downloads import FORMATS
from facilities.search.facet_values import facet_values
from facilities.search.feeds import MEDIA_TYPE, feed_of
from facilities.search.links import FIND
from facilities.search.query import LONGEST_VALUE, SearchQuery

bp = Blueprint("search_files", __name__)

FILES_FROM_ADDRESS = "60 per hour"
FEEDS_FROM_ADDRESS = "600 per hour"


@bp.route("/search/values")
@bp.route("/networks/<slug>/search/values")
@allow(anyone)
def values(slug: str = "") -> ResponseReturnValue:
    """All values of a facet to choose from; `facet_q` looks among them."""
    return page_of_values(query_here(slug))


def page_of_values(query: SearchQuery) -> str:
    """The page on which one looks among the values of the facet that the request names."""
    name = request.args.get("facet", "")
    label = FIND.get(name) or abort(404)
    typed = request.args.get("facet_q", "").strip()[:LONGEST_VALUE]
    found = facet_values(query, name, typed)
    kept = [(key, value) for key, value in query.args if key not in (name, "page")]
    return render_template("search/values.html", label=label, typed=typed, kept=kept, query=query, found=found)


@bp.route("/search.atom")
@bp.route("/networks/<slug>/search.atom")
@allow(anyone)
def feed(slug: str = "") -> ResponseReturnValue:
    """The feed; 304 for a reader that has it as it is."""
    spend(FEEDS_FROM_ADDRESS, "search feed", address_block())
    body = feed_of(query_here(slug))
    response = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@bp.route("/search.<any(csv, xlsx, json):ending>")
@bp.route("/networks/<slug>/search.<any(csv, xlsx, json):ending>")
@allow(anyone)
def file(ending: str, slug: str = "") -> ResponseReturnValue:
    """The results as a file."""
    spend(FILES_FROM_ADDRESS, "search file", address_block())
    wanted = FORMATS.get(ending) or abort(404)
    written = wanted.write(query_here(slug))
    body = written if isinstance(written, bytes) else stream_with_context(iter(written))
    response = make_response(Response(body, content_type=wanted.media_type))
    response.headers["Content-Disposition"] = f"attachment; filename=results.{ending}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
