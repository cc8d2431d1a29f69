"""People with accounts for tests."""

from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole, SiteRole, User
from facilities.catalogue.models import Listing
from facilities.db import db, now


def add_user(
    name: str,
    *,
    site_role: SiteRole = SiteRole.MEMBER,
    editor_of: Listing | None = None,
    manager_of: Listing | None = None,
    **fields: Any,
) -> User:
    """A confirmed user, saved, with at most one right; the address is made from the name."""
    user = User(email=f"{name.lower().replace(' ', '.')}@example.org", name=name, site_role=site_role)
    user.confirmed_at, user.fs_uniquifier = now(), uuid4().hex
    for field, value in fields.items():
        setattr(user, field, value)
    for listing, role in ((editor_of, OwnerRole.EDITOR), (manager_of, OwnerRole.MANAGER)):
        if listing is not None:
            user.grants.append(Grant(listing_id=listing.id, role=role))
    db.session.add(user)
    db.session.commit()
    return user


def client_of(app: Flask, user: User | None) -> FlaskClient:
    """A client whose session is that of the user; None for a visitor."""
    client = app.test_client()
    if user is not None:
        with client.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = now().timestamp()
    return client
