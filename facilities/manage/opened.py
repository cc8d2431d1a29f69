"""What a form showed when it was opened, carried by the form itself: signed, so that nobody can say otherwise, and
compressed."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


def seal(listing_id: int, section: str, values: Mapping[str, Any]) -> str:
    """The values as a text that goes into a hidden field."""
    return str(_signer(section).dumps([listing_id, dict(values)]))


def unseal(text: str | None, listing_id: int, section: str) -> dict[str, Any]:
    """What `seal` was given for this listing and section; empty if it was not ours, so that everything typed is held
    against what the listing says now."""
    try:
        sealed_id, values = _signer(section).loads(text or "")
    except (BadData, ValueError):
        return {}
    return values if sealed_id == listing_id else {}


def _signer(section: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"opened form {section}")
