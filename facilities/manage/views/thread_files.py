"""Files of a thread, downloaded by those who may read it with an account."""

from flask import abort
from flask.typing import ResponseReturnValue

from facilities.access import allow, signed_in
from facilities.db import ID
from facilities.enquiries.answering.opening import note_desk
from facilities.enquiries.downloads import download, file_of, nothing_may_run
from facilities.enquiries.files import owners_read
from facilities.enquiries.threads.rights import reads_as_desk
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.manage.views.inbox import thread_for


@bp.get(f"/enquiries/<{ID}:thread_id>/files/<{ID}:file_id>")
@allow(signed_in)
@nothing_may_run
def thread_file(thread_id: int, file_id: int) -> ResponseReturnValue:
    """A file of the thread, if it is not held back; from the desk it always is. An opening by the desk is written
    down."""
    thread = thread_for(thread_id)
    file = file_of(thread.enquiry, file_id)
    if thread.enquiry.emptied_at is not None or not owners_read(file, thread):
        abort(404)
    if reads_as_desk(user(), thread):
        if file.withheld:
            abort(404)
        note_desk(thread, user())
    return download(file)
