"""What was typed survives a session that ended while the form was open."""

from urllib.parse import parse_qs, urlsplit

from flask import Flask

from tests.listings import small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.owners import said
from tests.people import add_user


def test_what_was_typed_is_shown_again_after_signing_in(app: Flask) -> None:
    microscope = small_catalogue()[2]
    maria = add_user("Maria Manager", manager_of=microscope.parent)
    manager = Editor(app, maria)
    path = f"/manage/listings/{microscope.id}/edit/basics"
    form = manager.open(path)
    with manager.client.session_transaction() as session:
        signed_in = dict(session)
        session.clear()
    answer = manager.send(path, form, model="LSM 980, typed for an hour")
    back = parse_qs(urlsplit(answer.location).query)["next"][0]
    assert back.startswith(path)
    with manager.client.session_transaction() as session:
        session.update(signed_in)
    page = manager.client.get(back).text
    assert "what you typed before your session ended" in page
    again = form_in(page, path)
    assert again["model"] == "LSM 980, typed for an hour"
    assert said(microscope, "model") == "LSM 880"
    assert manager.send(path, again).status_code == 303
    assert said(microscope, "model") == "LSM 980, typed for an hour"


def test_what_others_saved_meanwhile_is_not_overwritten_by_what_was_kept(app: Flask) -> None:
    microscope = small_catalogue()[2]
    manager = Editor(app, add_user("Maria Manager", manager_of=microscope.parent))
    other = Editor(app, add_user("Olle Other", manager_of=microscope.parent))
    path = f"/manage/listings/{microscope.id}/edit/basics"
    form = manager.open(path)
    with manager.client.session_transaction() as session:
        signed_in = dict(session)
        session.clear()
    answer = manager.send(path, form, model="Typed by Maria")
    other.save(path, model="Saved by Olle", name="Olle's microscope")
    with manager.client.session_transaction() as session:
        session.update(signed_in)
    back = parse_qs(urlsplit(answer.location).query)["next"][0]
    again = form_in(manager.client.get(back).text, path)
    assert manager.send(path, again).status_code == 409
    assert (said(microscope, "model"), said(microscope, "name")) == ("Saved by Olle", "Olle's microscope")
