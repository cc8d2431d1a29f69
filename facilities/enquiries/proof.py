"""The private link as letters carry it: with a proof that who opens it has received the letter."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from flask import current_app

from facilities.enquiries.models import Enquiry

PROOF_BYTES = 16


def mailed_path(enquiry: Enquiry) -> str:
    """The path of the private page as it stands in letters to the requester."""
    return f"{enquiry.path}?mailed={_proof(enquiry)}"


def proves_mail(enquiry: Enquiry, proof: str) -> bool:
    """Whether the link came from a letter to the requester's address."""
    return hmac.compare_digest(proof.encode(), _proof(enquiry).encode())


def _proof(enquiry: Enquiry) -> str:
    key = f"opened from mail\0{current_app.config['SECRET_KEY']}".encode()
    words = f"{enquiry.token} {enquiry.requester_email.lower()}".encode()
    digest = hmac.digest(key, words, hashlib.sha256)[:PROOF_BYTES]
    return urlsafe_b64encode(digest).decode().rstrip("=")
