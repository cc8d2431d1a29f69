"""Owners put images and documents on their listings."""

import re
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from facilities.accounts.models import User
from facilities.catalogue.models import Facility, Listing, Review, Revision, Status
from facilities.db import db
from facilities.manage.models import Upload
from facilities.manage.uploads import file_of
from facilities.moderation.proposals import open_proposal
from tests.counting import statements
from tests.listings import small_catalogue
from tests.manage.uploads import PDF, office, picture
from tests.people import add_user, client_of

Fields = dict[str, object]


@pytest.fixture
def facility(app: Flask) -> Facility:
    university, facility, _microscope = small_catalogue()
    university.review = Review.MANAGER
    db.session.commit()
    return facility


@pytest.fixture
def manager(facility: Facility) -> User:
    return add_user("Maja Manager", manager_of=facility)


@pytest.fixture
def owner(app: Flask, manager: User) -> FlaskClient:
    return client_of(app, manager)


def address(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/edit/media"


def form_on(page: str) -> Fields:
    """What the form of the page would send if nothing was touched."""
    form = page[page.index('<form class="edit-form"') :]
    fields: Fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind = said.get("type", "text")
        if "name" in said and kind not in ("file", "submit") and (kind != "checkbox" or "checked" in tag):
            fields[said["name"]] = said.get("value", "")
    return fields


def send(client: FlaskClient, listing: Listing, **changed: object):
    """Open the form, change these fields (`images__0__title` for images-0-title) and send it."""
    fields = form_on(client.get(address(listing)).text)
    return sent(client, listing, fields, **changed)


def sent(client: FlaskClient, listing: Listing, fields: Fields, **changed: object):
    data = fields | {name.replace("__", "-"): value for name, value in changed.items()}
    boundary, body = encode_multipart({name: value for name, value in data.items() if value is not None})
    return client.post(address(listing), data=body, content_type=f"multipart/form-data; boundary={boundary}")


def file(data: bytes, name: str) -> FileStorage:
    return FileStorage(BytesIO(data), name)


def content_of(listing: Listing) -> list[tuple[str, str, str]]:
    db.session.expire_all()
    return [(str(each.kind), each.title, each.credit) for each in db.session.get(Listing, listing.id).attachments]


def test_an_image_is_added_and_shown_to_visitors(app, owner, facility):
    answer = send(
        owner, facility, new_image=file(picture("JPEG", (2000, 1000)), "lab.jpg"), new_image_title="Two people at work",
        new_image_credit="Ada Berg, CC BY",
    )  # fmt: skip

    assert answer.status_code == 303
    assert content_of(facility) == [("image", "Two people at work", "Ada Berg, CC BY")]
    upload = db.session.scalars(sa.select(Upload)).one()
    assert (upload.original_name, upload.width, upload.height, upload.uploaded_by_id) == ("lab.jpg", 1600, 800, 1)
    page = app.test_client().get(facility.path).text
    image = re.search(r"<img[^>]*/media/[^>]*>", page).group()
    assert 'alt="Two people at work"' in image and 'width="1600"' in image and 'height="800"' in image
    assert f"/media/{upload.name.replace('.webp', '.small.webp')} 640w" in image
    assert "Ada Berg, CC BY" in page


def test_a_document_is_added_and_offered_with_its_type_and_size(app, owner, facility):
    answer = send(owner, facility, new_document=file(PDF, "p.pdf"), new_document_title="Price list 2027")

    assert answer.status_code == 303
    assert content_of(facility) == [("document", "Price list 2027", "")]
    page = app.test_client().get(facility.path).text
    assert "Price list 2027" in page and f"PDF, {len(PDF)} bytes" in page


def test_both_at_once_and_another_file_after_saving(owner, facility):
    answer = send(
        owner, facility, new_image=file(picture(), "a.png"), new_image_decorative="y",
        new_document=file(office("docx"), "b.docx"), new_document_title="Terms", act="more",
    )  # fmt: skip

    assert answer.status_code == 303 and answer.location == address(facility)
    assert content_of(facility) == [("image", "", ""), ("document", "Terms", "")]


def test_an_image_needs_words_or_the_word_that_it_is_decoration_and_is_not_lost_meanwhile(owner, facility):
    answer = send(owner, facility, new_image=file(picture(), "a.png"))

    assert answer.status_code == 422
    assert "Say what the picture shows, or tick that it is decoration." in answer.text
    assert 'href="#images-0-title"' in answer.text
    assert content_of(facility) == []
    again = sent(owner, facility, form_on(answer.text), images__0__title="A room")
    assert again.status_code == 303
    assert content_of(facility) == [("image", "A room", "")]


def test_a_document_needs_a_title_and_words_need_a_file(owner, facility):
    answer = send(owner, facility, new_document=file(PDF, "p.pdf"))
    assert answer.status_code == 422 and "Enter what the document is" in answer.text

    answer = send(owner, facility, new_image_title="A room")
    assert answer.status_code == 422
    assert "Choose the file that these words are about." in answer.text and 'value="A room"' in answer.text


@pytest.mark.parametrize(
    ("part", "data", "name", "advice"),
    [
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png", "SVG"),
        ("image", PDF, "a.png", "cannot be read"),
        ("document", office("docx", {"word/vbaProject.bin": b"x"}), "a.docx", "without macros"),
        ("document", picture(), "a.pdf", "none of these inside"),
        ("image", b"\x89PNG" + b"\0" * (21 * 1024 * 1024), "a.png", "20 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_beside_its_field(owner, facility, part, data, name, advice):
    answer = send(owner, facility, **{f"new_{part}": file(data, name), f"new_{part}_title": "Kept words"})

    assert answer.status_code == 422
    assert f'href="#new_{part}"' in answer.text and f'id="new_{part}-error"' in answer.text and advice in answer.text
    assert 'value="Kept words"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Upload.id))) == 0


def test_a_request_beyond_all_measure_is_not_even_read(owner, facility):
    claim = {"CONTENT_LENGTH": str(2**31), "wsgi.input": BytesIO(b"x")}
    kind = "multipart/form-data; boundary=x"
    answer = owner.open(address(facility), method="POST", content_type=kind, environ_overrides=claim)
    assert answer.status_code == 413


def with_two_images(owner, facility):
    for colour, title in (("red", "Red room"), ("blue", "Blue room")):
        send(owner, facility, new_image=file(picture(colour=colour), "a.png"), new_image_title=title)
    assert [title for _kind, title, _credit in content_of(facility)] == ["Red room", "Blue room"]


def test_images_are_moved_and_removed_without_a_script(owner, facility):
    with_two_images(owner, facility)

    moved = send(owner, facility, change="images:up:1")
    assert moved.status_code == 200 and len(content_of(facility)) == 2
    assert sent(owner, facility, form_on(moved.text)).status_code == 303
    assert [title for _kind, title, _credit in content_of(facility)] == ["Blue room", "Red room"]

    less = send(owner, facility, change="images:remove:0")
    sent(owner, facility, form_on(less.text))
    assert [title for _kind, title, _credit in content_of(facility)] == ["Red room"]


def test_an_image_is_replaced_and_keeps_its_words_and_place(owner, facility):
    with_two_images(owner, facility)
    first = db.session.get(Listing, facility.id).images[0].url

    answer = send(owner, facility, new_image=file(picture(colour="green"), "g.png"), new_image_instead=first)

    assert answer.status_code == 303
    images = db.session.get(Listing, facility.id).images
    assert [each.title for each in images] == ["Red room", "Blue room"] and images[0].url != first


def test_saving_without_a_change_changes_nothing(owner, facility):
    with_two_images(owner, facility)
    revisions = db.session.scalar(sa.select(sa.func.count(Revision.id)))

    assert send(owner, facility, confirm=None).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Revision.id))) == revisions


def test_changes_of_somebody_who_may_not_publish_wait(app, facility, owner):
    editor = client_of(app, add_user("Erik Editor", editor_of=facility))

    send(editor, facility, new_image=file(picture(), "a.png"), new_image_title="A room")

    assert content_of(facility) == []
    waiting = open_proposal(db.session.get(Listing, facility.id)).changes["images"][1]
    assert waiting[0]["title"] == "A room" and file_of(waiting[0]["url"].removeprefix("/media/"))
    assert "A room" in editor.get(address(facility)).text
    assert "A room" not in app.test_client().get(facility.path).text


def test_two_who_change_the_images_are_shown_both_versions(app, owner, facility):
    with_two_images(owner, facility)
    other = client_of(app, add_user("Mats Manager", manager_of=facility))
    mine, theirs = (form_on(client.get(address(facility)).text) for client in (owner, other))

    assert sent(other, facility, theirs, images__0__title="Crimson room").status_code == 303
    answer = sent(owner, facility, mine, images__0__title="Scarlet room")

    assert answer.status_code == 409 and "Crimson room" in answer.text and "Scarlet room" in answer.text
    assert content_of(facility)[0][1] == "Crimson room"
    chosen = sent(owner, facility, form_on(answer.text), **{"choose-images": "mine"})
    assert chosen.status_code == 303
    assert content_of(facility)[0][1] == "Scarlet room"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://evil.example/x.png", "/media/" + "0" * 32 + ".webp", "/manage/", "//evil.example"],
)
def test_only_files_that_are_here_can_be_attached(owner, facility, url):
    answer = send(owner, facility, images__0__url=url, images__0__title="x")

    assert answer.status_code == 422 and content_of(facility) == []


def test_no_more_than_twenty_images(owner, facility):
    with_two_images(owner, facility)
    fields = form_on(owner.get(address(facility)).text)
    for number in range(2, 21):
        fields |= {f"images-{number}-url": fields["images-0-url"], f"images-{number}-title": "Again"}

    answer = sent(owner, facility, fields)

    assert answer.status_code == 422 and "Keep at most 20 images" in answer.text


def test_strangers_and_visitors_send_nothing(app, facility):
    stranger = client_of(app, add_user("Sten Stranger"))
    visitor = app.test_client()
    for client, page, code in ((stranger, "/account", 403), (visitor, "/sign-in", 303)):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get(page).text)[1]
        data = {"csrf_token": token, "new_image": file(picture(), "a.png"), "new_image_title": "x"}
        assert client.post(address(facility), data=data, content_type="multipart/form-data").status_code == code
        assert client.get(address(facility)).status_code == code
    assert db.session.scalar(sa.select(sa.func.count(Upload.id))) == 0


def test_a_draft_is_changed_in_place(owner, facility):
    facility.status = Status.DRAFT
    db.session.commit()

    send(owner, facility, new_image=file(picture(), "a.png"), new_image_title="A room")

    assert content_of(facility) == [("image", "A room", "")]


def test_a_listing_page_asks_once_for_all_files(app, owner, facility):
    client = app.test_client()
    client.get(facility.path)
    with statements() as without:
        client.get(facility.path)
    with_two_images(owner, facility)
    send(owner, facility, new_document=file(PDF, "p.pdf"), new_document_title="Prices")
    with statements() as with_files:
        page = client.get(facility.path).text

    assert page.count("/media/") >= 3
    assert len(with_files) <= len(without) + 1


def test_the_form_takes_few_statements_however_many_files(owner, facility):
    with_two_images(owner, facility)
    owner.get(address(facility))
    with statements() as few:
        owner.get(address(facility))
    send(owner, facility, new_image=file(picture(colour="green"), "a.png"), new_image_title="Green room")
    with statements() as more:
        owner.get(address(facility))

    assert len(more) <= len(few)


def test_a_picture_of_ours_is_shown_by_other_sites_too(app, owner, facility):
    send(owner, facility, new_image=file(picture(), "a.png"), new_image_title="A room")

    page = app.test_client().get(facility.path).text

    assert re.search(r'property="og:image" content="http://catalogue.test/media/[0-9a-f]{32}\.webp"', page)


def test_stored_pictures_are_pictures(owner, facility):
    send(owner, facility, new_image=file(picture(), "a.png"), new_image_title="A room")
    name = db.session.scalars(sa.select(Upload.name)).one()

    assert Image.open(BytesIO(file_of(name).read_bytes())).format == "WEBP"
