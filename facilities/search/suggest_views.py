"""What may be meant, while it is typed."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.limits import spend, visitor_network
from facilities.search.suggesting import LONGEST_TYPED, suggest

bp = Blueprint("suggesting", __name__)

MOST_FROM_NETWORK = "1500 per minute"
"""A university has many people who type at once behind one address: this only stops machines."""

KEPT_FOR = 60
"""Seconds that a browser may use an answer again."""


@bp.get("/suggest")
@allow(anyone)
def suggestions() -> ResponseReturnValue:
    """`q` is what has been typed so far. Answers {"suggestions": [{"kind", "label", "text", "found", "note", "url"}]},
    the best first: `text` is what to show and search for, `found` the words recognised if they are others, `note` tells
    it from things called alike, and `url` is where choosing it leads."""
    spend(MOST_FROM_NETWORK, "suggest", visitor_network())
    found = suggest(request.args.get("q", "")[:LONGEST_TYPED])
    answer = jsonify(suggestions=[each.said for each in found])
    answer.cache_control.private, answer.cache_control.max_age = True, KEPT_FOR
    answer.vary.add("Accept-Language")
    return answer
