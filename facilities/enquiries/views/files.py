"""Files of an enquiry, downloaded by the requester and by those whose mailbox received a thread."""

from flask import abort
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.db import ID
from facilities.enquiries.downloads import NOTHING_MAY_RUN, download, file_of
from facilities.enquiries.files import owners_read, requester_reads
from facilities.enquiries.views import bp
from facilities.enquiries.views.answer import recipient_for
from facilities.enquiries.views.private import enquiry_for
from facilities.pages import talisman


@bp.get(f"/<token>/files/<{ID}:file_id>")
@allow(anyone)
@talisman(content_security_policy=NOTHING_MAY_RUN)  # type: ignore[untyped-decorator]
def requesters_file(token: str, file_id: int) -> ResponseReturnValue:
    """A file for the requester: one's own, and those of answers."""
    file = file_of(enquiry_for(token), file_id)
    return download(file) if requester_reads(file) else abort(404)


@bp.get(f"/answer/<token>/files/<{ID}:file_id>")
@allow(anyone)
@talisman(content_security_policy=NOTHING_MAY_RUN)  # type: ignore[untyped-decorator]
def recipients_file(token: str, file_id: int) -> ResponseReturnValue:
    """A file for whoever has the mailbox of a recipient: of its thread only, and only what is not held back."""
    recipient = recipient_for(token)
    if recipient.enquiry.emptied_at is not None:
        abort(404)
    file = file_of(recipient.enquiry, file_id)
    return download(file) if owners_read(file, recipient.thread) else abort(404)
