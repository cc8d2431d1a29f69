"""Publishing, handing in, withdrawing, putting away."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_see_history, may_withdraw
from facilities.catalogue.actions import archive_listing, publish_listing, schedule_withdrawal, submit_listing
from facilities.catalogue.models import Listing, Status
from facilities.db import ID, now
from facilities.formats import long_date
from facilities.manage.completeness import completeness_of
from facilities.manage.forms.life import WithdrawForm
from facilities.manage.life import (
    below_to_change,
    bring_back_listing,
    gone_with,
    gone_with_to_change,
    last_day_of,
    published_below,
    steps_for,
    successors_called,
    take_back_listing,
    withdraw_with_below,
)
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.moderation.decisions import accept, case_of, note_act_of_desk
from facilities.moderation.models import DecisionAct
from facilities.moderation.proposals import open_proposal


@bp.route(f"/listings/<{ID}:listing_id>/life")
@allow(signed_in)
def life(listing_id: int) -> ResponseReturnValue:
    """Where the listing is in its life, and the steps that are open to the user."""
    listing = listing_for(listing_id, may_see_history)
    return _page(listing, _blank(listing))


@bp.route(f"/listings/<{ID}:listing_id>/life/<any(publish, hand_in, take_back, call_off, bring_back, archive):step>",
          methods=["POST"])  # fmt: skip
@allow(signed_in)
def take_step(listing_id: int, step: str) -> ResponseReturnValue:
    """Take one step, unless somebody else has meanwhile taken one that leaves it no place."""
    listing = listing_for(listing_id, may_see_history)
    if not getattr(steps_for(user(), listing), step):
        flash(
            _("That cannot be done now: the listing is %(state)s.", state=str(listing.status.label).lower()), "warning"
        )
    else:
        flash(_take(step, listing))
    return redirect(f"/manage/listings/{listing_id}/life", 303)


@bp.route(f"/listings/<{ID}:listing_id>/life/withdraw", methods=["POST"])
@allow(signed_in)
def withdraw(listing_id: int) -> ResponseReturnValue:
    """Withdraw the listing and what is below it, now or on a day."""
    listing = listing_for(listing_id, may_withdraw)
    form = WithdrawForm(below=published_below(listing))
    if not steps_for(user(), listing).withdraw:
        flash(
            _("That cannot be done now: the listing is %(state)s.", state=str(listing.status.label).lower()), "warning"
        )
        return redirect(f"/manage/listings/{listing_id}/life", 303)
    successor = _successor(form, listing)
    if not form.validate():
        return _page(listing, form), 422
    flash(_withdraw(listing, form, successor))
    return redirect(f"/manage/listings/{listing_id}/life", 303)


def _page(listing: Listing, form: WithdrawForm) -> str:
    return render_template(
        "manage/life.html", listing=listing, form=form, steps=steps_for(user(), listing),
        completeness=completeness_of(listing), proposal=open_proposal(listing), last_day=last_day_of(listing),
        successor=listing.successor, gone_with=gone_with(listing),
    )  # fmt: skip


def _blank(listing: Listing) -> WithdrawForm:
    """The form as it is first shown: with the plan there is, or the last day of an instrument that will go."""
    day = listing.withdraw_on or last_day_of(listing)
    planned = listing.withdraw_on is not None
    return WithdrawForm(
        formdata=None, below=published_below(listing), reason=listing.withdrawn_reason if planned else "",
        successor=listing.successor.name if listing.successor else "", withdraw_on=day,
        when="later" if day and day > now().date() else "now",
    )  # fmt: skip


def _take(step: str, listing: Listing) -> str:
    """Take the step; gives what to say."""
    by = user()
    match step:
        case "publish":
            if listing.status == Status.IN_REVIEW:
                accept(case_of(listing), by=by)
            else:
                publish_listing(listing, by=by.actor)
            return _("Published: visitors see it now.")
        case "hand_in":
            submit_listing(listing, by=by.actor)
            return _("Handed in. You get a letter when it has been decided.")
        case "take_back":
            take_back_listing(listing, by=by.actor)
            return _("Taken back: it is a draft again.")
        case "call_off":
            schedule_withdrawal(listing, None, by=by.actor)
            return _("The planned withdrawal is called off.")
        case "bring_back":
            below = gone_with_to_change(listing) if "below" in request.form else []
            note_act_of_desk(listing, DecisionAct.RESTORED, by=by)
            bring_back_listing(listing, by=by, below=below)
            return _("Brought back.") if steps_for(by, listing).withdraw else _("Brought back as a draft.")
    if listing.status == Status.WITHDRAWN:
        note_act_of_desk(listing, DecisionAct.WITHDRAWN, by=by, reason=_("Put away."))
    archive_listing(listing, by=by.actor)
    return _("Put away: only its owners and the desk see it now.")


def _successor(form: WithdrawForm, listing: Listing) -> Listing | None:
    """The listing that the form names as successor; if its name may mean several, the form asks which."""
    text = form.successor.data
    if not text:
        return None
    found = successors_called(text, listing)
    form.offer(found)
    picked = [each for each in found if str(each.id) == form.found.data]
    if not picked and len(found) == 1:
        return found[0]
    if not picked:
        form.ask_which() if found else form.ask_anew()
    return picked[0] if picked else None


def _withdraw(listing: Listing, form: WithdrawForm, successor: Listing | None) -> str:
    """Withdraw now, or plan it; gives what to say."""
    by, reason = user(), form.reason.data
    if day := form.withdraw_on.data:
        schedule_withdrawal(listing, day, by=by.actor, reason=reason, successor=successor)
        return _("It will be withdrawn on %(day)s.", day=long_date(day))
    below = below_to_change(listing)
    note_act_of_desk(listing, DecisionAct.WITHDRAWN, by=by, reason=reason)
    withdraw_with_below(listing, reason=reason, by=by.actor, successor=successor, below=below)
    return _("Withdrawn. Its address now says so, with the reason.")
