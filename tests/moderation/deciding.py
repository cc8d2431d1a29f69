"""Pressing the buttons of the desk's pages, as they are shown."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.catalogue.models import Listing
from facilities.db import db


def decide(client: FlaskClient, listing: Listing, act: str, **fields: Any) -> TestResponse:
    """Press a button of the decision page as it is shown now."""
    address = f"/manage/reviews/{listing.id}"
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, data=hidden(page.text) | {"act": act} | fields)


def hidden(page: str) -> dict[str, str]:
    """The token and the mark of a decision page."""
    found = {}
    for name in ("csrf_token", "mark"):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag is not None
        value = re.search(r'value="([^"]*)"', tag[0])
        found[name] = value[1] if value else ""
    return found


def hidden_token(client: FlaskClient) -> str:
    """The token of any form that the client may open."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/enquiries/new?listing=1").text)
    return token[1] if token else ""


def fresh(listing: Listing) -> Any:
    """The listing as the database has it now."""
    db.session.expire_all()
    return db.session.get(Listing, listing.id)


def press(client: FlaskClient, address: str, act: str, **fields: Any) -> Any:
    """Press a button of the page that compares two listings, with what it has ticked."""
    page = client.get(address).text
    hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|mark|keep)"[^>]*value="([^"]*)"', page))
    checked = dict(re.findall(r'name="(field-\w+)" value="(\w+)" checked', page))
    return client.post(address, data=hidden | checked | {"act": act} | fields)
