"""The history of a listing: who changed what, in words; earlier versions restored; versions compared."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole, User
from facilities.catalogue import content
from facilities.catalogue.actions import confirm_listing, move_listing, update_listing, withdraw_listing
from facilities.catalogue.models import Kind, Review, Status
from facilities.db import db
from facilities.manage import past
from facilities.moderation.models import Merge
from facilities.moderation.proposals import open_proposal
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user


def history(listing: Any, more: str = "") -> str:
    return f"/manage/listings/{listing.id}/history{more}"


def text_of(pages: FlaskClient, address: str, code: int = 200) -> str:
    answer = pages.get(address)
    assert answer.status_code == code
    return " ".join(answer.text.split())


def test_every_change_is_told_with_who_and_what(pages: FlaskClient, catalogue: Cast, manager: User) -> None:
    _university, _facility, microscope = catalogue
    update_listing(microscope, {"manufacturer": "Carl Zeiss", "keywords": ["live cells"]}, by=manager.actor)
    update_listing(microscope, {"access": {"groups": ["companies"], "price_level": 3}}, by="Import")
    confirm_listing(microscope, by=manager.actor)
    page = text_of(pages, history(microscope))
    for words in ("Edited", "Confirmed", "Maja Manager", "Import", "Manufacturer", "Carl Zeiss", "live cells",
                  "Who may use it:", "Companies", "3 of 4"):  # fmt: skip
        assert words in page, words
    assert "<del>" in page and "<ins>" in page
    assert "{" not in page.split("<main")[1].split("</main>")[0], "never raw JSON"


def test_every_field_of_every_kind_is_told_in_words(app: Flask, pages: FlaskClient, catalogue: Cast) -> None:
    everything: dict[str, Any] = {
        "texts": {"sv": {"name": "Mikroskop", "description": "Ett ljusmikroskop"}},
        "prices": [{"item": "Hour", "group": "company", "basis": "hour", "amount": "900", "currency": "SEK"}],
        "certificates": [{"name": "ISO 9001", "issuer": "RISE", "valid_until": "2030-01-01"}],
        "contacts": [{"role": "Head", "email": "head@example.org", "languages": ["sv"], "enquiry_kinds": ["booking"]}],
        "specification": [{"name": "Lasers", "value": "405 nm"}],
        "images": [{"url": "/media/a.webp", "title": "The microscope"}],
        "links": [{"url": "https://example.org/manual", "title": "Manual"}],
        "documents": [{"url": "/media/a.pdf", "title": "Terms"}],
        "available_until": "2030-01-01", "instrument_status": "planned", "quantity": 3, "lat": 59.1, "lng": 17.2,
        "language": "sv", "country": "NO",
    }  # fmt: skip
    update_listing(catalogue[2], everything, by="Maja")
    update_listing(catalogue[2], {name: None for name in everything if name not in ("quantity", "language")}, by="Maja")
    page = text_of(pages, history(catalogue[2])).split("<main")[1]
    assert "SEK" in page and "ISO 9001" in page and "Booking request" in page and "Norway" in page
    assert "{" not in page and "&#39;" not in page and "None" not in page


def test_withdrawals_and_moves_are_told_with_names(pages: FlaskClient, catalogue: Cast) -> None:
    other = add(Kind.FACILITY, "Annex", parent=catalogue[0])
    move_listing(catalogue[2], other, by="Maja")
    move_listing(catalogue[2], catalogue[1], by="Maja")
    withdraw_listing(catalogue[2], reason="Worn out", by="Maja")
    page = text_of(pages, history(catalogue[2]))
    assert "Annex" in page and "Worn out" in page
    assert "Published" in page and "Withdrawn" in page


def test_an_earlier_version_is_shown_first_and_then_restored(
    pages: FlaskClient, catalogue: Cast, manager: User
) -> None:
    microscope = catalogue[2]
    update_listing(microscope, {"summary": "The first summary of it"}, by=manager.actor)
    first, said = microscope.version, content.read(microscope)
    update_listing(microscope, {"summary": "The second summary of it", "keywords": ["x"]}, by=manager.actor)
    shown = text_of(pages, history(microscope, f"/{first}"))
    assert "What would change if this version were restored" in shown
    answer = pages.post(history(microscope, f"/{first}/restore"), data={"seen": microscope.version})
    assert answer.status_code == 303
    assert content.read(anew(microscope)) == said
    page = text_of(pages, history(microscope))
    assert "Earlier version restored" in page and f"as in version {first}" in page
    assert "there is nothing to restore" in text_of(pages, history(microscope, f"/{first}"))


def test_a_listing_changed_meanwhile_is_looked_at_again(pages: FlaskClient, catalogue: Cast) -> None:
    microscope = catalogue[2]
    update_listing(microscope, {"summary": "One"}, by="Maja")
    update_listing(microscope, {"summary": "Two"}, by="Maja")
    seen = microscope.version
    update_listing(microscope, {"summary": "Three"}, by="Colleague")
    answer = pages.post(history(microscope, f"/{seen - 1}/restore"), data={"seen": seen})
    assert answer.status_code == 409
    assert "changed since you opened this page" in answer.text
    assert anew(microscope).summary == "Three"


def test_who_may_not_publish_proposes_the_earlier_version(app: Flask, catalogue: Cast) -> None:
    microscope = catalogue[2]
    update_listing(microscope, {"summary": "One"}, by="Maja")
    update_listing(microscope, {"summary": "Two"}, by="Maja")
    editor = owner_pages(app, add_user("Eddie", editor_of=catalogue[1]))
    assert "It is proposed" in text_of(editor, history(microscope, f"/{microscope.version - 1}"))
    editor.post(history(microscope, f"/{microscope.version - 1}/restore"), data={"seen": microscope.version})
    now = anew(microscope)
    assert now.summary == "Two"
    proposal = open_proposal(now)
    assert proposal and proposal.changes == {"summary": ["Two", "One"]}


def test_where_all_may_publish_an_editor_restores_at_once(app: Flask, catalogue: Cast) -> None:
    catalogue[0].review = Review.NOBODY
    update_listing(catalogue[2], {"summary": "One"}, by="Maja")
    update_listing(catalogue[2], {"summary": "Two"}, by="Maja")
    editor = owner_pages(app, add_user("Eddie", editor_of=catalogue[1]))
    version = catalogue[2].version
    editor.post(history(catalogue[2], f"/{version - 1}/restore"), data={"seen": version})
    assert anew(catalogue[2]).summary == "One"


def test_two_versions_are_compared(pages: FlaskClient, catalogue: Cast) -> None:
    microscope = catalogue[2]
    for text in ("One fine summary here", "Two fine summaries here", "Three fine summaries here"):
        update_listing(microscope, {"summary": text}, by="Maja")
    last = microscope.version
    page = text_of(pages, history(microscope, f"/compare?from={last}&to={last - 2}"))
    assert "One" in page and "Three" in page and "Two" not in page
    for wrong in ("", "?from=1", "?from=2&to=2", "?from=x&to=y", "?from=1&to=999"):
        assert pages.get(history(microscope, f"/compare{wrong}")).status_code == 303


def test_each_field_knows_who_changed_it_last(pages: FlaskClient, catalogue: Cast) -> None:
    microscope = catalogue[2]
    update_listing(microscope, {"summary": "One", "model": "880"}, by="Anna")
    update_listing(microscope, {"summary": "Two"}, by="Bert")
    last = {each.field: each.revision.made_by for each in past.touched(microscope) if each.revision}
    assert last == {"summary": "Bert", "model": "Anna"}
    page = text_of(pages, history(microscope, "/fields"))
    assert "Bert" in page and "Anna" in page and "as first saved" in page


def test_the_history_of_a_merged_listing_goes_on_in_the_one_kept(pages: FlaskClient, catalogue: Cast) -> None:
    twin = add(Kind.INSTRUMENT, "LSM880 confocal", parent=catalogue[1])
    update_listing(twin, {"summary": "Of the twin"}, by="Tina")
    db.session.add(Merge(kept_id=catalogue[2].id, merged_id=twin.id, merged_by="Desk"))
    db.session.commit()
    page = text_of(pages, history(catalogue[2]))
    assert "Of the twin" in page and "LSM880 confocal, which was merged into this listing" in page


def test_addresses_of_contacts_are_for_those_who_may_edit(app: Flask, catalogue: Cast, manager: User) -> None:
    update_listing(catalogue[2], {"contacts": [{"role": "Head", "email": "head@example.org"}]}, by="Maja")
    assert "head@example.org" in text_of(owner_pages(app, manager), history(catalogue[2]))
    merged = anew(catalogue[2])
    merged.status, merged.successor_id = Status.MERGED, catalogue[1].id
    db.session.commit()
    page = text_of(owner_pages(app, manager), history(catalogue[2]))
    assert "Head" in page and "head@example.org" not in page


def test_histories_are_private(app: Flask, catalogue: Cast) -> None:
    update_listing(catalogue[2], {"summary": "One"}, by="Maja")
    stranger = owner_pages(app, add_user("Stranger"))
    version = catalogue[2].version
    for more in ("", "/fields", "/compare?from=1&to=2", f"/{version}"):
        assert stranger.get(history(catalogue[2], more)).status_code == 403
        assert app.test_client().get(history(catalogue[2], more)).status_code in (302, 303)
    assert stranger.post(history(catalogue[2], f"/{version}/restore")).status_code == 403
    moderator = owner_pages(app, add_user("Desk", site_role=SiteRole.MODERATOR))
    assert moderator.get(history(catalogue[2])).status_code == 200


def test_a_version_that_never_was_is_not_found(pages: FlaskClient, catalogue: Cast) -> None:
    assert pages.get(history(catalogue[2], "/77")).status_code == 404
    assert pages.post(history(catalogue[2], "/77/restore")).status_code == 404


def test_long_histories_are_paged_in_the_same_number_of_statements(pages: FlaskClient, catalogue: Cast) -> None:
    for number in range(3):
        update_listing(catalogue[2], {"summary": f"Summary {number}"}, by="Maja")
    pages.get(history(catalogue[2]))
    with statements() as few:
        pages.get(history(catalogue[2]))
    for number in range(30):
        update_listing(catalogue[2], {"summary": f"Another {number}"}, by="Maja")
    with statements() as many:
        page = text_of(pages, history(catalogue[2]))
    assert len(many) == len(few) <= 14
    assert page.count('<div class="history-who">') == past.PER_PAGE
    assert "Summary 0" in text_of(pages, history(catalogue[2], "?page=2"))


def test_any_version_can_be_reached_on_both_databases(app_on: Flask) -> None:
    from facilities.catalogue.actions import restore_listing
    from facilities.catalogue.history import content_at

    microscope = small_catalogue()[2]
    said = {}
    for number in range(5):
        update_listing(microscope, {"summary": f"S{number}", "keywords": [str(number)]}, by="Maja")
        said[microscope.version] = content.read(microscope)
    for version, values in said.items():
        assert content_at(microscope, version) == values
    restore_listing(microscope, min(said), by="Maja")
    assert content.read(anew(microscope)) == said[min(said)]
    assert [each.label for each in past.compare(microscope, min(said), max(said))] == ["Summary", "Keywords"]


def test_a_merged_listing_does_not_offer_its_form(pages: FlaskClient, catalogue: Cast) -> None:
    _university, facility, microscope = catalogue
    kept = add(Kind.INSTRUMENT, "Kept", parent=facility).id
    form = f'href="/manage/listings/{microscope.id}/edit"'
    assert form in text_of(pages, history(microscope)).split("listing-tabs")[1]
    merged = anew(microscope)
    merged.status, merged.successor_id = Status.MERGED, kept
    db.session.commit()
    assert form not in text_of(pages, history(microscope)).split("listing-tabs")[1]
