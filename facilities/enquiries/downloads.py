"""How a file of an enquiry is handed out, whoever asks for it; who may is decided before."""

from flask import Response, abort, send_file

from facilities.enquiries.files import path_of
from facilities.enquiries.models import Enquiry, EnquiryFile

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Of every page and file whose address is a secret."""

NOTHING_MAY_RUN = {"default-src": "'none'", "sandbox": ""}
"""Should a browser ever show a file itself."""


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
