"""What every page shares: headers, forms, languages, limits, template words and error pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from facilities import choosing_language, form_words, template_words
from facilities.api.problems import of_http_error
from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.exchange.demo import has_demo
from facilities.readable_query import ReadableRequest

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=True)
talisman = Talisman()


def init_app(app: Flask) -> None:
    """Attach the parts that make a response, and the error pages."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=app.config["RATELIMIT_STORAGE_URL"] or "memory://",
        RATELIMIT_ENABLED=app.config.get("RATELIMIT_ENABLED", True),
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # as Flask tells to
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False
    app.request_class = ReadableRequest
    csrf.init_app(app)
    limiter.init_app(app)
    choosing_language.init_app(app)
    template_words.init_app(app)
    form_words.init_app(app)
    talisman.init_app(app, **_headers(app))
    app.context_processor(_template_words)
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(DataError, unstorable)


def _headers(app: Flask) -> dict[str, Any]:
    """Strict headers; HTTPS is asked for only where the site's public address uses it."""
    https = app.config["SITE_URL"].startswith("https://")
    tiles = _tile_origin(app.config["TILE_URL"])
    return {
        "force_https": False,
        "strict_transport_security": https,
        "session_cookie_secure": https,
        "frame_options": "DENY",
        "referrer_policy": "strict-origin-when-cross-origin",
        "content_security_policy": {
            "default-src": "'self'",
            "img-src": f"'self' data: {tiles}".strip(),
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        },
    }


def may_be_framed(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let pages of other sites show this one in a frame. Goes below `@allow`."""

    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        policy = dict(talisman.content_security_policy) | {"frame-ancestors": "*"}
        options = {"frame_options": "", "content_security_policy": policy}
        vars(current_app.view_functions[request.endpoint or ""])["talisman_view_options"] = options
        return view(*args, **kwargs)

    return framed


def _tile_origin(url: str) -> str:
    return "/".join(url.split("/")[:3]) if "://" in url else ""


def _template_words() -> dict[str, Any]:
    return {"Kind": Kind, "locale": get_locale(), "has_demo": _shows_demo()}


def _shows_demo() -> bool:
    """Whether the page is to say that it shows demo data; a page about a broken database can still be shown."""
    try:
        return has_demo()
    except SQLAlchemyError:
        return False


def error_page(error: HTTPException) -> ResponseReturnValue:
    """One page for every HTTP error: what happened and what to do, with a search box."""
    if error.response is not None:
        return error.response
    code = error.code or 500
    if request.path.startswith("/api/"):
        return of_http_error(error)
    title, advice = _advice(error, code)
    return render_template("errors/error.html", code=code, title=title, advice=advice), code


def unstorable(error: DataError) -> ResponseReturnValue:
    """A request whose text PostgreSQL cannot hold, such as one with a NUL in it: the visitor's doing, not a fault."""
    if "NUL" not in str(error.orig):
        raise error
    db.session.rollback()
    return error_page(BadRequest())


def _advice(error: HTTPException, code: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return _("This form has expired"), _(
            "Go back, reload the page and send it again. What you typed is still there."
        )
    if code == 404 and request.path.startswith("/enquiries/"):
        return _("Nothing lives at this address"), _(
            "If it comes from a letter, the address may have been cut in two there: copy all of it, to the last letter."
        )
    words = {
        403: (
            _("You may not open this page"),
            _("Ask the owner of the listing or the desk for the right to do so."),
        ),
        404: (
            _("Nothing lives at this address"),
            _("It may have moved. Search for it here, or start from the home page."),
        ),
        413: (_("That was too much to send"), _("Shorten the text, or choose a smaller file, and send it again.")),
        429: (_("Too many requests"), _("Wait a few minutes and try again.")),
    }
    if code in words:
        return words[code]
    if code < 500:
        return _("This request cannot be answered"), _("Check the address and try again.")
    return _("Something broke on our side"), _("It has been written down. Try again in a moment.")
