"""The directory of contacts by topic and role."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.roles import all_roles, offered_roles
from facilities.enquiries.limits import MOST_LISTINGS
from facilities.enquiries.models import EnquiryKind
from facilities.insight.roles.choices import choices
from facilities.insight.whom.asking import ASKED, directory, question, roles_held, roles_meant
from facilities.networks.scope import entered
from facilities.networks.searching import query_here
from facilities.paging import asked_page, pages_of
from facilities.search.index import index
from facilities.search.query import SearchQuery

bp = Blueprint("whom", __name__)
PER_PAGE = 20
CHOICES = ("role", "country", "network", "hub")


@bp.get("/ask")
@bp.get("/networks/<slug>/ask")
@allow(anyone)
def whom(slug: str = "") -> ResponseReturnValue:
    """The roles to begin with; with a topic or a role, who takes such questions."""
    query, kind = _asked(slug), _kind()
    about: dict[str, Any] = {"query": query, "kind": kind, "kinds": list(EnquiryKind), "choices": _choices(query)}
    if not (query.text or query.is_filtered):
        return render_template("whom/roles.html", roles=offered_roles(), held=roles_held(query), **about)
    found = directory(query, kind, (asked_page() - 1) * PER_PAGE, PER_PAGE)
    chosen = query.filters.get("role", ())
    return render_template(
        "whom/found.html",
        found=found,
        roles=[role for role in all_roles() if role.slug in chosen],
        meant=[role for role in roles_meant(query.text) if role.slug not in chosen],
        pages=pages_of(found.total, PER_PAGE),
        most=MOST_LISTINGS,
        **about,
    )


def _asked(slug: str) -> SearchQuery:
    query, network = question(query_here(slug)), entered()
    return replace(query, base=f"{network.path}/ask" if slug and network else "/ask")


def _kind() -> EnquiryKind | None:
    """The kind of question, if the address names one."""
    return next((kind for kind in EnquiryKind if kind == request.args.get("about")), None)


def _choices(query: SearchQuery) -> list[Any]:
    return choices(query, CHOICES, ASKED) if index().exists() else []
