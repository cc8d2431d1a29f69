"""What a listing is called and says in short where many stand together, in the language that suits the visitor best."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from facilities.catalogue.models import Listing, ListingText
from facilities.languages import read_best, spoken_now

COMPARED = 40
"""Characters of a passage by which its place is known."""


@dataclass(frozen=True, slots=True)
class CardText:
    """Name and summary of a listing. The languages are "" where they are that of the page."""

    name: str
    summary: str
    name_language: str = ""
    summary_language: str = ""
    is_only_one: bool = True
    """Whether the listing says nothing in other languages, so that what search found in it is in this one."""

    original: str = ""
    """The summary as it was written, if `summary` is a translation of it."""

    def takes(self, snippet: Sequence[tuple[str, bool]]) -> bool:
        """Whether a passage that search found says more than the summary: it has a found word, and is not from the
        original of a summary that the visitor can read in their own language."""
        text = "".join(piece for piece, _is_match in snippet).strip("… ")[:COMPARED]
        is_original = bool(text) and text in self.original
        return bool(snippet) and not is_original and (not self.summary or any(match for _piece, match in snippet))


def card_text(listing: Listing) -> CardText:
    """Reads nothing from the database: of a listing whose texts are not loaded, what it was written with."""
    page = spoken_now()
    said = _best(listing, page)
    name = (said.name, said.language) if said.name else (listing.name, listing.language)
    summary = (said.summary, said.language) if said.summary else (listing.summary, listing.language)
    foreign = {language: "" if language == page else language for language in (name[1], summary[1])}
    alone, original = not _texts(listing), "" if summary[0] == listing.summary else listing.summary
    return CardText(name[0], summary[0], foreign[name[1]], foreign[summary[1]], alone, original)


def called(listing: Listing) -> str:
    """The name as HTML, with its language if that is not the page's."""
    said = card_text(listing)
    return (
        Markup('<span lang="{}">{}</span>').format(said.name_language, said.name) if said.name_language else said.name
    )


def _best(listing: Listing, page: str) -> Listing | ListingText:
    if listing.language == page:
        return listing
    texts = {text.language: text for text in _texts(listing)}
    return texts.get(read_best([listing.language, *texts], page, listing.language), listing)


def _texts(listing: Listing) -> list[ListingText]:
    loaded: list[ListingText] = listing.__dict__.get("texts", [])
    return loaded
