"""Files of an enquiry, downloaded by the requester and by those whose mailbox received a thread."""

from flask import abort
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.db import ID
from facilities.enquiries.downloads import download, file_of, nothing_may_run
from facilities.enquiries.files import owners_read, requester_reads
from facilities.enquiries.views import bp
from facilities.enquiries.views.answer import recipient_for
from facilities.enquiries.views.private import enquiry_for


@bp.get(f"/<token>/files/<{ID}:file_id>")
@allow(anyone)
@nothing_may_run
def requesters_file(token: str, file_id: int) -> ResponseReturnValue:
    """A file for the requester: one's own, and those of answers."""
    file = file_of(enquiry_for(token), file_id)
    return download(file) if requester_reads(file) else abort(404)


@bp.get(f"/answer/<token>/files/<{ID}:file_id>")
@allow(anyone)
@nothing_may_run
def recipients_file(token: str, file_id: int) -> ResponseReturnValue:
    """A file for whoever has the mailbox of a recipient: of its thread only, and only what is not held back."""
    recipient = recipient_for(token)
    if recipient.enquiry.emptied_at is not None:
        abort(404)
    file = file_of(recipient.enquiry, file_id)
    return download(file) if owners_read(file, recipient.thread) else abort(404)
