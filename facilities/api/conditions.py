"""Changing only what the caller has seen: `If-Match` with the entity tag of the listing that was read."""

from flask import request

from facilities.api.listing import etag_of
from facilities.api.problems import ApiProblem
from facilities.catalogue.models import Listing
from facilities.moderation.proposals import open_proposal


def check_version(listing: Listing, *, needed: bool = False) -> None:
    """Raises `version_needed` if the caller must say which version they saw and does not, `changed_meanwhile` if it is
    not what the listing (locked) is now."""
    if "If-Match" not in request.headers:
        if needed:
            raise ApiProblem("version_needed", "Send “If-Match” with the ETag of the listing as you read it.")
        return
    current = etag_of(listing, open_proposal(listing))
    if not request.if_match.contains(current):
        raise ApiProblem(
            "changed_meanwhile",
            "Somebody changed the listing since you read it: read it again and decide anew.",
            headers={"ETag": f'"{current}"'},
        )
