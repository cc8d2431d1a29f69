"""What who posted a need does with it later: prolong it, say that it is met, take it back, sort out what was found."""

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, signed_in
from facilities.db import ID, as_id
from facilities.needs.actions import NotOpen, drop_suggestions, end_need
from facilities.needs.models import NeedState
from facilities.needs.queries import need_called
from facilities.needs.rights import may_change_need, may_decide_need, may_see_need
from facilities.needs.views import bp
from facilities.needs.views.posting import need_for

ENDS = {"met": NeedState.MET, "withdraw": NeedState.WITHDRAWN}


@bp.post(f"/needs/<{ID}:need_id>")
@allow(signed_in)
def change_state(need_id: int) -> ResponseReturnValue:
    """`act` is met or withdraw. It is opened again, or for longer, by its form."""
    need = need_for(need_id)
    state = ENDS.get(request.form.get("act", "")) or abort(400)
    try:
        end_need(need, state)
    except NotOpen:
        flash(_("It is not open any more, so it cannot be marked as met."), "warning")
        return redirect(need.path, 303)
    flash(_("Marked as met.") if state == NeedState.MET else _("Withdrawn: visitors do not see it any more."))
    return redirect(need.path, 303)


@bp.post(f"/needs/<{ID}:need_id>/suggestions")
@allow(signed_in)
def drop(need_id: int) -> ResponseReturnValue:
    """Leave the listing `suggestion` out of what was found: who posted it may, and the desk."""
    need = need_called(need_id, to_change=True)
    if need is None or not may_see_need(me(), need):
        abort(404)
    if not (may_change_need(me(), need) or may_decide_need(me(), need)):
        abort(403)
    dropped = drop_suggestions(need, [as_id(each) for each in request.form.getlist("suggestion")])
    if dropped:
        flash(ngettext("Left out.", "%(num)d left out.", dropped))
    desks = [f"/moderate/public-needs/{need.id}", f"/manage{need.network.path}/needs/{need.id}" if need.network else ""]
    back = request.form.get("back", "")
    return redirect(back if back in desks and back else need.path, 303)
