"""What somebody wrote themselves in a letter, without the letter of ours that they answer and without its secrets."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from flask import current_app
from mailparser_reply import EmailReplyParser

from facilities.enquiries.models import Enquiry

LANGUAGES = ("en", "sv", "da", "de", "nl", "fr")
"""Of mail programs. Norwegian ones write the lines above quotations as Danish ones do."""

LONGEST_LINE = 200
"""Characters of a line in which the line above a quotation is looked for: the search is slow in long ones."""

MOST_LINES = 400

POINTS_BELOW = re.compile(
    r"\b(below|inline|in-line|in red|in blue|nedan|i rött|i texten|nedenfor|herunder|i teksten|i rødt|unten|im text)\b",
    re.IGNORECASE,
)
"""Words with which somebody says that the answer stands within the letter they answer."""

FIELD = re.compile(r"^[* ]*\w[\w ]{1,14}:", re.MULTILINE)
"""A line of a letter's head as programs write it above a quotation: "Sent: ..."."""

SEPARATOR = re.compile("_{20,}")
"""The line that Outlook draws above a quotation."""

FEWEST_FIELDS = 3
"""Of a head: "From: Monday", "To: Friday" may be an answer."""

YEAR_OR_ADDRESS = re.compile(r"\b20\d\d\b|@")

OUR_TAG = r"\+[a-z]\d{1,10}(?:-\d{1,10})?\.[a-z2-7]{16}(?=@)"


def own_words(text: str) -> str:
    """The letter without the quotation at its end or beginning. One with answers in between stays, for they would mean
    nothing alone; and all stays where nothing else would be left."""
    rows = text.split("\n")
    quoted = _quoted(rows)
    top = "\n".join(rows[: _first(quoted)]).strip()
    if _unmarked(rows, quoted) and (not top or POINTS_BELOW.search(top)):
        return text.strip()
    blocks = [(mark, list(block)) for mark, block in groupby(_marked(rows, quoted), key=lambda each: each[0])]
    return _joined([(mark, [row for _mark, row in block]) for mark, block in blocks]) or text.strip()


def _joined(blocks: list[tuple[bool, list[str]]]) -> str:
    """Without quotations before the first own words, after the last, and before a signature."""
    spoken = [place for place, (mark, _rows) in enumerate(blocks) if not mark]
    if not spoken:
        return ""
    between = blocks[spoken[0] : spoken[-1] + 1]
    if len(between) == 3 and between[2][1][0].startswith("--"):
        del between[1]
    return "\n".join(row for _mark, rows in between for row in rows).strip()


def _marked(rows: Sequence[str], quoted: Sequence[bool]) -> list[tuple[bool, str]]:
    """Rows with whether they are quoted; an empty row belongs to the one before."""
    marks: list[tuple[bool, str]] = []
    for row, mark in zip(rows, quoted, strict=True):
        empty = not row.strip() and marks
        marks.append((marks[-1][0] if empty else mark or not row.strip(), row))
    return marks


def _quoted(rows: Sequence[str]) -> list[bool]:
    """Which rows are quoted: those with the sign, the line above them, and all after a line above a quotation that
    bears no signs."""
    quoted = [row.lstrip().startswith(">") or SEPARATOR.fullmatch(row.strip()) is not None for row in rows]
    for first, last in _headings(rows):
        following = next((place for place in range(last + 1, len(rows)) if rows[place].strip()), len(rows))
        signs_follow = following < len(rows) and quoted[following]
        if not signs_follow and not _surely_heads("\n".join(rows[first : last + 1])):
            continue
        end = last + 1 if signs_follow else len(rows)
        quoted[first:end] = [True] * (end - first)
        if end == len(rows):
            break
    for place in _lines_above(rows, quoted):
        quoted[place] = True
    return quoted


def _lines_above(rows: Sequence[str], quoted: Sequence[bool]) -> Iterator[int]:
    """The line above each marked quotation that tells who wrote it, in any language: it has a year or address."""
    for place in range(1, len(rows)):
        if quoted[place] and not quoted[place - 1]:
            above = next((each for each in reversed(range(place)) if rows[each].strip()), None)
            if above is not None and not quoted[above] and _tells_who(rows[above]):
                yield above


def _tells_who(row: str) -> bool:
    return row.rstrip().endswith(":") and YEAR_OR_ADDRESS.search(row) is not None


def _first(quoted: Sequence[bool]) -> int:
    return quoted.index(True) if True in quoted else len(quoted)


def _unmarked(rows: Sequence[str], quoted: Sequence[bool]) -> bool:
    """Whether the letter ends in a quotation without signs, within which somebody may have written."""
    last = next((place for place in reversed(range(len(rows))) if rows[place].strip()), None)
    return last is not None and quoted[last] and not rows[last].lstrip().startswith(">")


def _headings(rows: Sequence[str]) -> list[tuple[int, int]]:
    """First and last row of each "On ... wrote:" and "From: ... Sent: ..."; rows of quotations are not looked at."""
    shown = ["" if row.startswith(">") or len(row) > LONGEST_LINE else row.strip() for row in rows[:MOST_LINES]]
    text = "\n".join(shown)
    found = []
    for match in _heading_form().finditer(text):
        first = text.count("\n", 0, match.start() + _blank_at_start(match.group()))
        found.append((first, first + match.group().strip().count("\n")))
    return found


def _surely_heads(text: str) -> bool:
    """Whether this stands above a letter: the head of one, or a sentence with a year or an address."""
    if len(FIELD.findall(text)) >= FEWEST_FIELDS or "original message" in text.lower():
        return True
    return _tells_who(text)


def _blank_at_start(text: str) -> int:
    return len(text) - len(text.lstrip())


@cache
def _heading_form() -> re.Pattern[str]:
    form: re.Pattern[str] = EmailReplyParser(languages=list(LANGUAGES)).read("").HEADER_REGEX
    return form


def without_secrets(text: str, enquiry: Enquiry) -> str:
    """The text without what opens pages of the enquiry or speaks in it for others: links and addresses that a quotation
    of our letters holds. A mail program may have broken them into lines."""
    for token in (enquiry.token, *(recipient.token for recipient in enquiry.recipients)):
        text = re.sub(r"[\s>]*".join(map(re.escape, token)), "...", text)
    mailbox = current_app.config["REPLY_ADDRESS"].rpartition("@")[0]
    return re.sub(re.escape(mailbox) + OUR_TAG, mailbox, text, flags=re.IGNORECASE) if mailbox else text
