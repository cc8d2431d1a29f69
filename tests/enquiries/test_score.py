"""What speaks for spam: measured on invented enquiries, honest ones and others; each sign by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from facilities.db import db, now
from facilities.enquiries.draft import Draft
from facilities.enquiries.models import BlockedSender, EnquiryKind
from facilities.enquiries.spam.score import MOST_ASKED, Score, score
from facilities.enquiries.spam.signs import Found, Sign, Written, in_words, signs_in
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.listings import add

EXAMPLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("spam_examples.yaml").read_text())
LONG = "We would like to measure forty thick sections on your confocal microscope in the spring, please."


def judged(words: str, **about: Any) -> Score:
    return Score(tuple(signs_in(Written(words, **{"name": "Anna Berg", "email": "anna@lab.example.se"} | about))))


def share_held(which: str) -> float:
    """The share of examples that would be held, by their words and sender alone."""
    held = [judged(each["words"], email=each["email"], name=each.get("name", "Anna")).holds for each in EXAMPLES[which]]
    return sum(held) / len(held)


def test_honest_enquiries_go_through_and_spam_is_held() -> None:
    assert len(EXAMPLES["honest"]) >= 40 and len(EXAMPLES["spam"]) >= 40
    assert share_held("honest") <= 1 / 40
    assert share_held("spam") >= 0.9


def test_it_holds_for_enquiries_that_the_signs_were_not_made_with() -> None:
    assert share_held("fresh_honest") <= 0.15
    assert share_held("fresh_spam") >= 0.75


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("We have forty samples, see https://elsewhere.example/offer", Sign.FOREIGN_LINK),
        ("Samples: a.example.com/1 b.example.com/2 c.example.com/3 d.example.com/4", Sign.MANY_LINKS),
        ("Our samples are described at https://bit.ly/3abc", Sign.SHORT_LINK),
        ("Look: https://elsewhere.example/offer", Sign.LITTLE_BESIDE),
        ('Samples <a href="https://elsewhere.example">here</a>', Sign.MARKUP),
        ("PLEASE ANSWER THIS VERY URGENT QUESTION ABOUT SAMPLES TODAY", Sign.SHOUTING),
        ("Здравствуйте, продвижение сайтов недорого", Sign.SCRIPT),
        ("We sell backlinks to laboratories", Sign.SELLING),
        ("About the samples: please go on by WhatsApp", Sign.ELSEWHERE),
        ("Hello, how are you today, my friend?", Sign.OFF_TOPIC),
    ],
)
def test_each_sign_is_seen_and_said_in_words(words: str, sign: Sign) -> None:
    stored = [str(found) for found in judged(words).signs]
    said = in_words(stored)
    assert sum(each.startswith(str(sign.label)) for each in said) == 1
    assert len(said) == len({each.partition(":")[0] for each in stored})


@pytest.mark.parametrize(
    "words",
    [
        "The protocol is at https://doi.org/10.1038/s41586-020-2649-2, the samples on www.lab.example.se/samples.",
        "We run FACS, LC-MS/MS, NMR and GC-MS on samples of E. COLI and use file.csv and notes.txt.",
        "5 µg of DNA, Ångström resolution, 37 °C, β-lactamase, naïve cells, Ø 3 mm samples.",
    ],
)
def test_what_researchers_write_is_no_sign(words: str) -> None:
    assert judged(words).signs == ()


def test_no_sign_but_a_blocked_sender_is_enough_alone() -> None:
    assert [sign for sign in Sign if Score((Found(sign),)).holds] == [Sign.BLOCKED]


def test_a_link_to_whom_one_asks_is_not_foreign() -> None:
    words = "Is the sample holder at https://light.example.org/holders free?"
    assert judged(words).points > judged(words, known_sites=frozenset({"light.example.org"})).points == 0


def test_long_words_sent_at_once_were_pasted_by_a_robot_or_prepared() -> None:
    assert Sign.QUICK in {found.sign for found in judged(LONG * 4, took=timedelta(seconds=5)).signs}
    assert judged(LONG * 4, took=timedelta(minutes=5)).signs == ()


def test_the_same_words_from_others_speak_for_spam_and_one_confirmed_address_against(app_on: Flask) -> None:
    listing, other = add("facility", "Light Lab"), add("facility", "Dark Lab")
    draft = Draft(EnquiryKind.QUESTION, LONG, "Anna", "anna+x@lab.example.se")
    for number in range(2):
        enquiry = enquiry_to(listing, question=f"Hello {number}! {LONG}")
        enquiry.requester_email = f"other{number}@example.net"
        db.session.add(enquiry)
    db.session.commit()
    with statements() as sent:
        found = score(draft, [other], now())
    assert [each.sign for each in found.signs] == [Sign.REPEATED, Sign.REPEATED] and found.holds
    assert len(sent) <= 4
    assert not score(draft, [listing], now()).signs
    known = enquiry_to(listing)
    known.requester_email, known.verified_at = "anna+x@lab.example.se", now()
    db.session.add(known)
    db.session.commit()
    assert not score(draft, [other], now()).holds


def test_one_sender_may_ask_many_listings_but_not_very_many(app_on: Flask) -> None:
    listings = [add("facility", f"Lab {number}") for number in range(MOST_ASKED)]
    db.session.add(enquiry_to(*listings[: MOST_ASKED - 1], question=LONG))
    db.session.commit()
    draft = Draft(EnquiryKind.QUESTION, LONG, "Rita", "rita@example.org")
    assert not score(draft, listings[:1], now()).signs
    assert [each.sign for each in score(draft, listings[:2], now()).signs] == [Sign.MANY_ASKED]


@pytest.mark.parametrize("pattern", ["rita@example.org", "@example.org", "@org.example.org", "@rg"])
def test_blocked_is_the_address_with_any_tag_and_the_domain_with_all_below(app_on: Flask, pattern: str) -> None:
    listing = add("facility", "Light Lab")
    db.session.add(BlockedSender(pattern=pattern))
    db.session.commit()

    def holds(email: str) -> bool:
        return score(Draft(EnquiryKind.QUESTION, LONG, "Rita", email), [listing], now()).holds

    expected = {"rita@example.org": (True, False), "@example.org": (True, True), "@org.example.org": (False, False)}
    assert (holds("Rita+news@Example.org"), holds("bo@lab.example.org")) == expected.get(pattern, (False, False))
    assert not holds("rita@notexample.org")


def test_what_is_confidential_is_judged_but_not_told_to_the_desk(app: Flask) -> None:
    draft = Draft(
        EnquiryKind.QUESTION, "Write to me on WhatsApp, see www.open.example.com.", "Anna", "anna@lab.example.se",
        details="The sponsor is www.secret-sponsor.com, and the best price wins.", terms="Keep it to yourselves.",
    )  # fmt: skip
    with app.app_context():
        told = [str(found) for found in score(draft, [], now()).signs]
    assert Sign.FOREIGN_LINK.value in told
    assert any(each.startswith(f"{Sign.ELSEWHERE.value}:") for each in told)
    assert not [each for each in told if "secret" in each or "price" in each]
