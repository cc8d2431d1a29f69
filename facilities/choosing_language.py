"""Which language a page is in: that of its address (/sv/...), else the one chosen before, else the browser's."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.datastructures import LanguageAccept

from facilities.languages import LANGUAGES, SAME, interface_language, spoken_now

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COOKIE = "language"
A_YEAR = 365 * 24 * 3600
NOTED = "facilities.language"
"""The key under which the environ of a request has the language of its address."""

FROM_NOW = "language_from_now"
"""What a request has settled that the visitor's next pages are in."""

ASKED = "asked_for_language"
"""Whether anything on the page is in the visitor's language; files for everybody can be kept for all."""

PREFIXED = re.compile(rf"/({'|'.join(LANGUAGES)})(?=/|$)")
FOR_PROGRAMS = ("/api/v1/", "/exchange/", "/static/", "/media/", "/demo/", "/.well-known/", "/healthz", "/readyz")
"""Addresses that are the same in every language and therefore have no prefix. Answers of the API are in English."""

PRIVATE = (
    "/account", "/claims/", "/confirm", "/decisions", "/enquiries/", "/invitations/", "/manage", "/moderate",
    "/needs/letters/", "/needs/new", "/networks/applications/", "/register", "/reset", "/saved-searches/", "/sign-",
)  # fmt: skip
"""Pages that search engines are not told of."""

babel = Babel()


class LanguageOfAddress:
    """WSGI middleware that takes the language off an address and puts it before the address of a redirect again."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Routes know nothing of languages: they see the address without one."""
        path = environ.get("PATH_INFO", "")
        found = PREFIXED.match(path)
        if found is None or path[found.end() :].startswith(FOR_PROGRAMS):
            return self.app(environ, start_response)

        language = environ[NOTED] = found[1]
        environ["PATH_INFO"] = path[found.end() :] or "/"

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            led = [(name, _prefixed(value, language) if name == "Location" else value) for name, value in headers]
            return start_response(status, led, *more)

        return self.app(environ, start)


def _prefixed(address: str, language: str) -> str:
    """An address of this site that a redirect leads to, in a language unless it says one itself."""
    is_here = address.startswith("/") and not address.startswith("//")
    is_prefixed = PREFIXED.match(address) or address.startswith(FOR_PROGRAMS)
    return f"/{language}{address}" if is_here and not is_prefixed else address


def init_app(app: Flask) -> None:
    """Have every page speak the visitor's language, and say which it is."""
    app.wsgi_app = LanguageOfAddress(app.wsgi_app)  # type: ignore[method-assign] # as Flask tells to
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    babel.init_app(app, default_locale=app.config["DEFAULT_LOCALE"], locale_selector=language_of_request)
    app.after_request(_say_language)
    app.jinja_env.globals["interface_languages"] = LANGUAGES
    app.add_template_global(in_language)
    app.add_template_global(alternates)
    app.add_template_global(canonical)


def language_of_request() -> str:
    """The language of the address, else of the cookie, else the browser's first that is offered, else the site's."""
    default: str = current_app.config["DEFAULT_LOCALE"]
    setattr(g, ASKED, True)
    if not request or request.path.startswith("/api/v1/"):
        return "en" if request else default
    chosen = request.environ.get(NOTED) or request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else accepted(request.accept_languages) or default


def language_of_reader() -> str:
    """The language that the visitor wants to read: the one chosen, else the browser's first, whatever that is, such as
    fi. The interface may not be in it, but a listing can be."""
    chosen = request.environ.get(NOTED) or request.cookies.get(COOKIE, "")
    first = next((code.partition("-")[0] for code, quality in request.accept_languages if quality), "")
    return chosen if chosen in LANGUAGES else SAME.get(first, first) or spoken_now()


def accepted(languages: LanguageAccept) -> str:
    """The language of the interface that a browser prefers; "" if it reads none of them."""
    return next((known for code, quality in languages if quality and (known := interface_language(code))), "")


def in_language(language: str) -> str:
    """The address of the page at hand in a language, with its query."""
    query = request.query_string.decode("utf-8", "replace")
    return f"/{language}{request.path}" + (f"?{query}" if query else "")


def canonical(path: str) -> str:
    """A path of the site as search engines are to know the page at hand: in its language if its address has one."""
    language = request.environ.get(NOTED)
    return f"/{language}{path}" if language else path


def alternates() -> list[tuple[str, str]]:
    """(language, address without host) of a public page in each language, the first for whoever has chosen none. None
    under the host name of a network: the same address of the site shows something else."""
    if request.method != "GET" or request.path.startswith(PRIVATE) or g.get("under_host_of_network"):
        return []
    plain = in_language("en").removeprefix("/en")
    return [("x-default", plain), *((code, in_language(code)) for code in LANGUAGES)]


def speak_from_now(language: str) -> None:
    """Have the visitor's next pages be in a language, unless they have chosen one themselves: that of the address, or
    one before."""
    chosen = request.environ.get(NOTED) or request.cookies.get(COOKIE)
    if language in LANGUAGES and chosen not in LANGUAGES:
        setattr(g, FROM_NOW, language)


def _remember(response: Response, language: str) -> None:
    """Have the visitor's next pages be in the language."""
    secure = bool(current_app.config["SITE_URL"].startswith("https://"))
    response.set_cookie(COOKIE, language, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)


def _say_language(response: Response) -> Response:
    """Say in which language a page is and what that depends on, so that none is kept for a reader of another."""
    if request.path.startswith(FOR_PROGRAMS):
        return response
    if g.get(ASKED):
        response.vary.update(("Accept-Language", "Cookie"))
    if response.mimetype == "text/html":
        response.content_language.add(spoken_now())
    noted = request.environ.get(NOTED) or g.get(FROM_NOW)
    if noted and request.cookies.get(COOKIE) != noted:
        _remember(response, noted)
    return response
