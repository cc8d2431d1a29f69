"""Who leaves people waiting for an answer, and erasing what somebody asked when they want it."""

from collections.abc import Iterator, Sequence

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from facilities.access import allow, moderators
from facilities.enquiries.keeping.erasing import count_of, erase_all_of
from facilities.enquiries.reminders.keepers import ORDERS, Keeper, keepers
from facilities.exchange.tables.writing import as_csv
from facilities.moderation.views import bp
from facilities.networks.applicants import applications_from, erase_applications_from
from facilities.paging import asked_page, pages_of

PAGE = 50
COLUMNS = (
    "ID", "Kind", "Name", "Organisation", "Waiting", "Oldest waits since", "Asked in a year", "Not answered in time",
    "Usual answer in working days",
)  # fmt: skip
"""Headings are the same in every language, so that files from several visits fit together."""


class EraseRequesterForm(FlaskForm):
    """Whose enquiries are to be erased. The first time it is sent the page says how many they are."""

    email = StringField(
        lazy_gettext("E-mail address of the requester"),
        filters=[lambda text: text.strip() if text else text],
        validators=[DataRequired(lazy_gettext("Enter the address they asked from.")), Length(max=254)],
    )
    sure = BooleanField(lazy_gettext("Erase them for good; those who were asked get a short letter"))


@bp.get("/moderate/waiting")
@allow(moderators)
def waiting_enquiries() -> ResponseReturnValue:
    order = _order()
    found = keepers(order)
    first = (asked_page() - 1) * PAGE
    return render_template(
        "moderate/waiting.html",
        keepers=found[first : first + PAGE],
        waiting=sum(each.waiting for each in found),
        order=order,
        pages=pages_of(len(found), PAGE),
    )


@bp.get("/moderate/waiting.csv")
@allow(moderators)
def waiting_csv() -> ResponseReturnValue:
    """The same as a file, all of it."""
    rows: list[Sequence[str]] = [COLUMNS, *_cells(keepers(_order()))]
    headers = {"Content-Disposition": "attachment; filename=waiting.csv"}
    return Response(b"".join(as_csv(rows)), content_type="text/csv; charset=utf-8", headers=headers)


@bp.route("/moderate/erase-requester", methods=["GET", "POST"])
@allow(moderators)
def erase_requester() -> ResponseReturnValue:
    """Erase everything that was asked from an address, and who applied from it for membership, at the request of
    whoever has it."""
    form, number, applications = EraseRequesterForm(), None, 0
    if form.validate_on_submit():
        if form.sure.data:
            return _erased(form.email.data)
        number, applications = count_of(form.email.data), applications_from(form.email.data)
    page = render_template("moderate/erase_requester.html", form=form, number=number, applications=applications)
    return page, 422 if form.errors else 200


def _erased(email: str) -> ResponseReturnValue:
    erased, applications = erase_all_of(email), erase_applications_from(email)
    if erased:
        flash(ngettext("%(num)d enquiry is erased.", "%(num)d enquiries are erased.", erased))
    if applications:
        flash(ngettext("%(num)d application is erased.", "%(num)d applications are erased.", applications))
    if not erased and not applications:
        flash(_("Nothing was asked from this address that is not erased already."))
    return redirect("/moderate/erase-requester", 303)


def _order() -> str:
    asked = request.args.get("order", "")
    return asked if asked in ORDERS else next(iter(ORDERS))


def _cells(found: Sequence[Keeper]) -> Iterator[Sequence[str]]:
    for each in found:
        oldest = each.oldest.date().isoformat() if each.oldest else ""
        usual = str(each.usual_days or "")
        yield (
            str(each.id), each.kind.value, each.name, each.organisation, str(each.waiting), oldest, str(each.counted),
            str(each.late), usual,
        )  # fmt: skip
