"""Trying a password takes its time: nobody who writes waits for it, and nothing that they write is lost."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from time import monotonic

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy.orm import Session

from facilities.accounts.models import SignIn, User
from facilities.db import db, writing_late
from tests.accounts.visiting import OTHER_PASSWORD, PASSWORD, csrf_of
from tests.conftest import running_app
from tests.people import add_user, client_of


def test_nobody_waits_while_a_password_is_tried(tmp_path: Path) -> None:
    with running_app(tmp_path) as app:
        anna = add_user("Anna Berg", password=hash_password(PASSWORD))
        client = client_of(app, anna)
        known, unknown = {"email": anna.email}, {"email": "nobody@example.org"}
        forms = (
            (app.test_client(), "/sign-in", known | {"password": OTHER_PASSWORD}),
            (app.test_client(), "/reset", unknown),
            (app.test_client(), "/register", {"email": "uli@example.org", "name": "Uli", "password": "short"}),
            (client, "/account/verify", {"password": OTHER_PASSWORD}),
        )
        tokens = [csrf_of(who.get(path).text) for who, path, _typed in forms]
        db.session.close()
        with closing(connect(app.config["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun = monotonic()
            answers = [
                who.post(path, data=typed | {"csrf_token": token}).status_code
                for (who, path, typed), token in zip(forms, tokens, strict=True)
            ]
        assert answers[1:] == [303, 422, 422]
        assert answers[0] == 422
        assert monotonic() - begun < 20


def test_what_somebody_else_writes_while_a_password_is_tried_is_kept(tmp_path: Path) -> None:
    with running_app(tmp_path):
        anna = add_user("Anna Berg")
        db.session.close()
        writing_late()
        user = db.session.get_one(User, anna.id)
        with Session(db.engine) as other:
            other.execute(sa.update(User).values(name="Anna B."))
            other.commit()
        user.locale = "sv"
        db.session.add(SignIn(user_id=user.id))
        db.session.commit()
        saved = db.session.get_one(User, anna.id, populate_existing=True)
        assert (saved.name, saved.locale, len(saved.sign_ins)) == ("Anna B.", "sv", 1)
