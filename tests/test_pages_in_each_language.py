"""Main pages hold no English where a translation is known: nothing is said too early, or kept for a reader of another
language; dates, numbers and names of countries are written as the language has them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from flask import Flask
from flask_babel import force_locale

from facilities import formats
from facilities.catalogue.models import Kind, country_name
from facilities.search.index import rebuild
from facilities.translating import FOLDER, TRANSLATED
from tests.listings import add

PAGES = (
    "/", "/search", "/search?q=lathe", "/search?q=nothing-like-it", "/techniques", "/categories", "/map", "/sign-in",
    "/register", "/networks", "/no-such-page", "/enquiries/shortlist", "/enquiries/need", "/api",
    "/roles", "/ask", "/needs", "/places", "/facts", "/density",
)  # fmt: skip


class Texts(HTMLParser):
    """The texts of a page that nothing marks as of another language, and the words of its attributes."""

    WORDS = ("aria-label", "title", "placeholder", "alt")
    EMPTY = ("input", "link", "meta", "img", "br", "hr", "use", "path", "circle", "source")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY and (self.foreign or (tag != "html" and dict(attrs).get("lang"))):
            self.foreign.append(tag)
        self.found += [value for name, value in attrs if name in self.WORDS and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.foreign:
            while self.foreign.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.foreign:
            self.found.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Catalog]:
    found = {}
    for code in TRANSLATED:
        with (FOLDER / code / "LC_MESSAGES" / "messages.mo").open("rb") as file:
            found[code] = read_mo(file)
    return found


def leftovers(page: str, catalogue: Catalog) -> Iterator[str]:
    """Texts of a page that have a translation and are not among the translations themselves."""
    plain = [each for each in catalogue if each.id and isinstance(each.id, str) and each.string and "%(" not in each.id]
    said = {each.id: each.string for each in plain}
    allowed = set(said.values())
    texts = Texts()
    texts.feed(page)
    yield from (text for text in texts.found if text in said and text not in allowed)


def test_pages_are_in_one_language_after_another_without_leftovers(app: Flask, catalogues: dict[str, Catalog]) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe", summary="For metal.", manufacturer="Acme", model="L 1", country="SE")
    rebuild()
    pages = (*PAGES, listing.path, f"/enquiries/new?listing={listing.id}", f"/listings/{listing.id}/report")
    for language in ("en", *TRANSLATED):
        client = app.test_client()
        for path in pages:
            page = client.get(f"/{language}{path}").text
            assert f'<html lang="{language}">' in page
            if language != "en":
                assert sorted(set(leftovers(page, catalogues[language]))) == [], f"/{language}{path}"


@pytest.mark.parametrize(
    ("language", "day", "amount", "thousands", "country"),
    [
        ("en", "14 September 2026", "SEK 1,250", "12,500", "Sweden"),
        ("sv", "14 september 2026", "1 250 kr", "12 500", "Sverige"),
        ("nb", "14. september 2026", "1 250 SEK", "12 500", "Sverige"),
        ("da", "14. september 2026", "1.250 SEK", "12.500", "Sverige"),
    ],
)
def test_dates_amounts_numbers_and_countries_are_as_the_language_has_them(
    app: Flask, language: str, day: str, amount: str, thousands: str, country: str
) -> None:
    with force_locale(language):
        assert formats.long_date(date(2026, 9, 14)) == day
        assert formats.money(Decimal(1250), "SEK").replace("\N{NO-BREAK SPACE}", " ") == amount
        assert formats.number(12500).replace("\N{NO-BREAK SPACE}", " ") == thousands
        assert country_name("SE") == country
        assert formats.moment(datetime(2026, 9, 14, 15, 20, tzinfo=UTC)).endswith(":20")
