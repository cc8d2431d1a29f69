"""How a file of an enquiry is handed out, whoever asks for it; who may is decided before."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from facilities.enquiries.files import path_of
from facilities.enquiries.models import Enquiry, EnquiryFile
from facilities.pages import talisman
from facilities.private_page import PRIVATE_HEADERS

NOTHING_MAY_RUN = {"default-src": "'none'", "sandbox": ""}
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def nothing_may_run(view: View) -> View:
    """Nothing in what the view answers is run, should a browser ever show a file itself."""
    strict: View = talisman(content_security_policy=NOTHING_MAY_RUN)(view)
    return strict


def file_of(enquiry: Enquiry, file_id: int) -> EnquiryFile:
    """The file of this enquiry; 404 for any other."""
    return next((each for each in enquiry.files if each.id == file_id), None) or abort(404)


def download(file: EnquiryFile) -> Response:
    """The file as an attachment that no browser opens by itself or keeps; 404 if it is gone from the disk."""
    path = path_of(file)
    if not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=False)
    answer.headers.update(PRIVATE_HEADERS)
    return answer
