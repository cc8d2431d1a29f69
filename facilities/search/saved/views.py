"""Saving a search, and the private page of a saved one. No account is needed: a letter confirms the address."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from facilities.access import allow, anyone
from facilities.accounts.limits import LETTERS_TO_ADDRESS, address_block, spend, within
from facilities.pages import csrf
from facilities.private_page import PrivateResponse
from facilities.search.narrowing import in_words
from facilities.search.query import SearchQuery
from facilities.search.saved.actions import (
    HoldsAddress,
    TooLong,
    args_to_keep,
    confirm_search,
    end_search,
    save_search,
)
from facilities.search.saved.forms import FrequencyForm, SaveSearchForm
from facilities.search.saved.models import Frequency, SavedSearch, is_token
from facilities.search.saved.queries import saved_by_token
from facilities.search.saved.said import query_of, said_by

bp = Blueprint("saved", __name__)

SAVED_FROM_ADDRESS = "20 per hour; 60 per day"
GUESSES_FROM_ADDRESS = "240 per hour"
"""Requests of private pages that there are not, from one network: a mail scanner opens every link of every letter."""


@bp.route("/saved-searches/new", methods=["GET", "POST"])
@allow(anyone)
def new() -> ResponseReturnValue:
    query = SearchQuery.from_args(request.args)
    form = SaveSearchForm(secret=current_app.config["SECRET_KEY"])
    if request.method == "POST" and form.validate() and _asked(form, query):
        return redirect("/saved-searches/asked", 303)
    form.frequency.data = form.frequency.data or Frequency.WEEKLY
    page = render_template("search/saved/new.html", form=form, said=in_words(query), url=query.url)
    return page, 422 if form.errors else 200


@bp.route("/saved-searches/asked")
@allow(anyone)
def asked() -> ResponseReturnValue:
    return render_template("search/saved/asked.html")


@bp.route("/saved-searches/<token>", methods=["GET", "POST"])
@allow(anyone)
def page(token: str) -> ResponseReturnValue:
    """GET only shows, whoever follows the link; POST confirms, or changes how often letters come."""
    saved = _saved(token)
    if saved is None:
        return PrivateResponse(render_template("search/saved/over.html"), 410)
    form = FrequencyForm(obj=saved)
    if form.validate_on_submit():
        is_news = confirm_search(saved, form.chosen)
        flash(_("Confirmed: you get a letter when there is something new.") if is_news else _("Saved."))
        return redirect(saved.path, 303)
    values = {"saved": saved, "form": form, "said": said_by(saved), "url": query_of(saved).url}
    return PrivateResponse(render_template("search/saved/page.html", **values), 422 if form.errors else 200)


@bp.route("/saved-searches/<token>/end", methods=["GET", "POST"])
@allow(anyone)
def end(token: str) -> ResponseReturnValue:
    """GET shows a button; POST ends the letters, also for the mail program that has no session and no form (RFC 8058).
    Doing it twice does no harm."""
    saved = _by_token(token)
    if request.method == "GET" and saved is not None:
        return PrivateResponse(render_template("search/saved/end.html", saved=saved, said=said_by(saved)))
    if saved is not None:
        end_search(saved)
    return PrivateResponse(render_template("search/saved/ended.html"))


csrf.exempt(end)


def _asked(form: SaveSearchForm, query: SearchQuery) -> bool:
    """Do as the form says; whether the visitor is told so. Robots, and addresses that had many letters, are told the
    same and nothing is done."""
    try:
        args = args_to_keep(query)
    except TooLong:
        form.form_errors.append(_("This search is too long to be kept. Leave some words or filters out."))
        return False
    except HoldsAddress:
        form.form_errors.append(
            _(
                "This search has what looks like the address of a page or a mailbox in it, which our letters do not "
                "carry. Leave it out of the search."
            )
        )
        return False
    if form.filled_by_robot:
        return True
    if not within(SAVED_FROM_ADDRESS, "save search", address_block()):
        form.form_errors.append(_("Many searches have been saved from your network. Try again in an hour."))
        return False
    if within(LETTERS_TO_ADDRESS, "saved search", form.email.data.casefold()):
        save_search(form.email.data, args, form.chosen, locale=str(get_locale() or "en"))
    return True


def _saved(token: str) -> SavedSearch | None:
    """None for one that has ended, and for any other text that could be a token: nothing is kept to tell them apart."""
    return _by_token(token) or (None if is_token(token) else abort(404))


def _by_token(token: str) -> SavedSearch | None:
    """Only guesses are limited: a mail program that ends letters shares its network with all its users."""
    saved = saved_by_token(token)
    if saved is None:
        spend(GUESSES_FROM_ADDRESS, "saved search", address_block())
    return saved
