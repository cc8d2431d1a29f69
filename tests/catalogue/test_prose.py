"""Plain texts on a page: paragraphs, line breaks, links, and nothing that a visitor could run."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.catalogue.prose import prose, web_host


class Elements(HTMLParser):
    """The elements and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_blank_lines_part_paragraphs_and_single_breaks_stay() -> None:
    assert prose("One\ntwo\r\n \r\n\nthree ") == "<p>One<br>\ntwo</p>\n<p>three</p>"


def test_an_empty_text_is_nothing() -> None:
    assert prose(" \n\n ") == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/wiki/NMR_(method), or", "https://example.org/wiki/NMR_(method)"),
        ('"http://example.org/?a=1&b=2"', "http://example.org/?a=1&b=2"),
    ],
)
def test_an_address_is_linked_without_the_punctuation_around_it(text: str, address: str) -> None:
    elements = dict(Elements(prose(text)).elements)
    assert elements["a"] == {"href": address, "rel": "nofollow noopener"}


@pytest.mark.parametrize("text", ["javascript:alert(1)", "www.example.org", "someone@example.org", "ftp://example.org"])
def test_nothing_but_web_addresses_is_linked(text: str) -> None:
    assert prose(text) == f"<p>{text}</p>"


@given(
    st.text(alphabet=st.sampled_from("ab<>&\"'() .,\n/:hтps\u00a0") | st.characters(exclude_categories=["Cs", "Cc"]))
)
def test_whatever_is_typed_only_paragraphs_breaks_and_web_links_come_out(text: str) -> None:
    found = Elements(prose(f"{text} https://example.org/{text}"))
    assert {name for name, _attributes in found.elements} <= {"p", "br", "a"}
    for name, attributes in found.elements:
        assert set(attributes) == ({"href", "rel"} if name == "a" else set())
        assert name != "a" or str(attributes["href"]).startswith(("http://", "https://"))


def test_the_host_of_an_address_is_what_people_call_the_site() -> None:
    assert web_host("https://www.example.org/a?b") == "example.org"
