"""The visitor's address: where no mail arrives it is refused, a slip of the finger is asked about once."""

import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from facilities import addresses
from facilities.addresses import COMMON, likely_meant, takes_mail
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.models import Enquiry
from tests.enquiry_cast import Catalogue, Visitor
from tests.name_server import NameServer, open_name_server


@pytest.fixture
def names(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """The name server that the site asks."""
    resolver = addresses.resolver()
    with open_name_server() as names:
        monkeypatch.setattr(resolver, "nameservers", ["127.0.0.1"])
        monkeypatch.setattr(resolver, "port", names.port)
        monkeypatch.setattr(resolver, "lifetime", 0.4)
        app.config["CHECK_MAIL_DOMAINS"] = True
        resolver.cache.flush()
        yield names
        resolver.cache.flush()


def said_of_address(page: TestResponse) -> str:
    """What stands beside the field for the address."""
    found = re.search(r'id="email-error">.*?</span>([^<]+)', page.text)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    ("records", "reaches"),
    [
        ([("MX", "10 mail.lab.org.")], True),
        ([("A", "93.184.216.34")], True),
        ([("AAAA", "2606:2800:220:1::1")], True),
        ([("MX", "0 .")], False),
        ([("TXT", "nothing else")], False),
        (None, False),
    ],
)
def test_a_domain_takes_mail_if_it_names_a_server_or_has_an_address(
    names: NameServer, records: list[tuple[str, str]] | None, reaches: bool
) -> None:
    if records is not None:
        names.zones["lab.org"] = records
    assert takes_mail("lab.org") is reaches


def test_where_dns_does_not_answer_nobody_is_refused_nor_waits_long(names: NameServer) -> None:
    names.silent.add("lab.org")
    began = time.monotonic()
    assert takes_mail("lab.org")
    assert time.monotonic() - began < 1


def test_an_answer_is_remembered(names: NameServer) -> None:
    names.zones["lab.org"] = [("MX", "10 mail.lab.org.")]
    for domain in ("lab.org", "lab.org", "gone.org", "gone.org"):
        takes_mail(domain)
    assert [domain for domain, kind in names.asked if kind == "MX"] == ["lab.org", "gone.org"]


def test_a_visitor_whose_domain_takes_no_mail_is_told_and_keeps_what_was_typed(
    visitor: Visitor, catalogue: Catalogue, names: NameServer
) -> None:
    names.zones["nomail.org"] = [("MX", "0 .")]
    page = visitor.send(catalogue.microscope, email="anna@nomail.org")
    assert said_of_address(page) == "nomail.org takes no mail. Check what stands after the @."
    assert 'value="anna@nomail.org"' in page.text
    assert visitor.count(Enquiry) == 0


def test_a_visitor_whose_domain_takes_mail_gets_through(
    visitor: Visitor, catalogue: Catalogue, names: NameServer
) -> None:
    names.zones["lab.org"] = [("MX", "10 mail.lab.org.")]
    visitor.sent(catalogue.microscope, email="anna@lab.org")
    assert ("lab.org", "MX") in names.asked


def test_dns_is_not_asked_while_others_would_have_to_wait(
    visitor: Visitor, catalogue: Catalogue, names: NameServer, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that writes to the same database before it answers: held up, if the form held the lock."""
    names.zones["lab.org"] = [("MX", "10 mail.lab.org.")]
    answer = names.answer

    def write_first(wire: bytes) -> bytes | None:
        with app.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.exec_driver_sql("SELECT 1")
        return answer(wire)

    monkeypatch.setattr(names, "answer", write_first)
    visitor.sent(catalogue.microscope, email="anna@lab.org")
    assert ("lab.org", "MX") in names.asked


def test_a_slip_is_asked_about_once(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.send(catalogue.microscope, email="anna@gmial.com")
    assert said_of_address(page) == "Did you mean anna@gmail.com? If not, send it again as it is."
    hidden = dict(re.findall(r'name="(email_asked)" value="([^"]+)"', page.text))
    assert 'value="anna@gmial.com"' in page.text
    other = visitor.send(catalogue.microscope, email="anna@outlok.com", **hidden)
    assert "Did you mean anna@outlook.com?" in said_of_address(other)
    visitor.sent(catalogue.microscope, email="anna@gmial.com", **hidden)


def test_a_slip_that_takes_no_mail_is_not_accepted_the_second_time(
    visitor: Visitor, catalogue: Catalogue, names: NameServer
) -> None:
    for _time in range(2):
        page = visitor.send(catalogue.microscope, email="anna@gmial.com", email_asked="anna@gmial.com")
        assert said_of_address(page) == "gmial.com takes no mail. Did you mean anna@gmail.com?"


def test_organisations_of_the_catalogue_are_known(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    with app.app_context():
        db.session.get_one(Listing, catalogue.organisation).url = "https://www.tvarhav.se/en"
        db.session.commit()
    page = visitor.send(catalogue.microscope, email="anna@tvarhva.se")
    assert "Did you mean anna@tvarhav.se?" in said_of_address(page)
    visitor.sent(catalogue.microscope, email="anna@student.tvarhav.se")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("outlok.com", "outlook.com"),
        ("hotmial.se", "hotmail.se"),
        ("hotmaill.se", "hotmail.se"),
        ("hotnial.com", "hotmail.com"),
    ],
)
def test_common_slips_are_seen(written: str, meant: str) -> None:
    assert likely_meant(written, []) == meant


@pytest.mark.parametrize(
    "domain", [*sorted(COMMON)[::9], "ki.se", "kth.se", "lu.se", "example.org", "small.com", "uio.no"]
)
def test_real_domains_are_not_taken_for_slips(domain: str) -> None:
    assert likely_meant(domain, ["su.se", "uu.se", "liu.se", "ntnu.no"]) == ""
