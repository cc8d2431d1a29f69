"""What visitors searched for and did not find, the synonym that mends it, and what is suggested to visitors."""

from enum import StrEnum
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, moderators
from facilities.accounts.models import User
from facilities.db import db
from facilities.moderation.forms.vocabulary import ANY_LANGUAGE, SynonymForm
from facilities.moderation.views import bp
from facilities.moderation.vocabulary.changing import MODEL, add_synonym, technique_called
from facilities.moderation.vocabulary.likely import likely_techniques, looks_like_model
from facilities.moderation.vocabulary.previewing import preview
from facilities.paging import asked_page, pages_of
from facilities.search.log.models import LONGEST
from facilities.search.log.noting import normalised
from facilities.search.log.queries import Order, Outcome, searched, settle, take_up
from facilities.search.popular import forget, may_be_suggested

PAGE = 50
DAYS = (30, 90, 365)
OFFERED = 8
LONGEST_ABBREVIATION = 6
LETTERS = {"nb": set("æø"), "de": set("üß"), "sv": set("åäö")}
"""Letters that only some languages have, the rarer first."""

Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/moderate/searches")
@allow(moderators)
def searches() -> ResponseReturnValue:
    outcome, order = _one_of(Outcome, "show"), _one_of(Order, "order")
    days = next((each for each in DAYS if str(each) == request.args.get("days")), DAYS[1])
    found, total = searched(outcome, order, days, limit=PAGE, offset=(asked_page() - 1) * PAGE)
    return render_template(
        "moderate/searches.html",
        searches=found,
        total=total,
        unfit=[each.text for each in found if outcome == Outcome.POPULAR and not may_be_suggested(each.text)],
        outcome=outcome,
        order=order,
        days=days,
        all_days=DAYS,
        pages=pages_of(total, PAGE),
    )


@bp.post("/moderate/searches/settle")
@allow(moderators)
def settle_search() -> ResponseReturnValue:
    """Set a search aside, or have it wait again."""
    text = request.form.get("text", "")[:LONGEST]
    if not text:
        return redirect("/moderate/searches", 303)
    if request.form.get("act") == "take_up":
        take_up(text)
        flash(_("“%(text)s” is in the list again.", text=text))
    else:
        settle(text, by=_me().actor.name)
        flash(_("“%(text)s” is set aside and not suggested to anybody.", text=text))
    db.session.commit()
    forget()
    return redirect("/moderate/searches", 303)


@bp.route("/moderate/searches/synonym", methods=["GET", "POST"])
@allow(moderators)
def synonym() -> ResponseReturnValue:
    """`text` is what visitors typed, `find` the name the technique is looked for by, `technique` the one chosen."""
    text = " ".join(request.args.get("text", "").split())[:LONGEST]
    typed = " ".join(request.args.get("find", "").split())[:LONGEST]
    chosen = technique_called(request.args.get("technique", ""))
    form = SynonymForm(data={"text": text, "language": _likely_language(text)})
    if chosen is not None and form.validate_on_submit() and form.check_names(chosen.slug):
        if key := normalised(text or form.text.data):
            settle(key, by=_me().actor.name, slug=chosen.slug)
        add_synonym(chosen, form.text.data, form.language.data, by=_me().actor)
        flash(_("“%(text)s” finds %(technique)s from now on.", text=form.text.data, technique=chosen.label))
        return redirect("/moderate/searches", 303)
    page = render_template(
        "moderate/synonym.html",
        text=text,
        typed=typed,
        chosen=chosen,
        form=form,
        offered=[] if chosen else likely_techniques(typed or text, OFFERED),
        preview=preview(form.text.data or text, chosen) if chosen and (form.text.data or text) else None,
    )
    return page, 422 if form.errors else 200


def _one_of(words: type[Choice], name: str) -> Choice:
    """The word that the address names; the first for whatever is none."""
    return next((each for each in words if each == request.args.get(name)), next(iter(words)))


def _likely_language(text: str) -> str:
    """The language a text may be of, by its letters, or what it is in any language; the desk chooses."""
    if looks_like_model(text):
        return MODEL
    if len(text) <= LONGEST_ABBREVIATION and " " not in text:
        return ANY_LANGUAGE
    return next((language for language, letters in LETTERS.items() if letters & set(text)), "en")


def _me() -> User:
    return me() or abort(401)
