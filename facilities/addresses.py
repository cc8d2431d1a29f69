"""Whether a mail address can be right: its domain takes mail, and is not a slip of the finger for one that many use."""

from collections.abc import Collection, Iterable
from functools import cache
from itertools import product

import dns.resolver
from email_validator import EmailUndeliverableError, caching_resolver
from email_validator.deliverability import validate_email_deliverability
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

PATIENCE = 2
"""Seconds in which DNS has to answer."""

MANY = ("hotmail", "outlook", "live", "yahoo")
COUNTRIES = ("com", "se", "no", "dk", "fi", "is", "de", "fr", "nl", "be", "at", "ch", "it", "es", "pl", "ie", "co.uk")

COMMON = {f"{name}.{country}" for name, country in product(MANY, COUNTRIES)} | {
    "gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "msn.com", "aol.com", "mail.com", "email.com",
    "ymail.com", "gmx.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.dk",
    "proton.me", "protonmail.com", "fastmail.com", "telia.com", "comhem.se", "bredband.net", "spray.se", "online.no",
    "c2i.net", "jubii.dk", "zoho.com", "yandex.com", "orange.fr", "free.fr",
}  # fmt: skip
"""Domains under which many people have their mail."""

SHORTEST = 6
"""Letters of a domain that one slip leaves recognisable."""

SHORTEST_NAME = 5
"""Letters of an organisation's name in its domain: of shorter ones (su.se, lu.se) too many are alike."""

SHORTEST_NAME_FOR_TWO = 6
"""Letters of a common name that two slips leave recognisable."""


def takes_mail(domain: str) -> bool:
    """Whether mail can be sent to this domain: it names a mail server (MX), or has an address (RFC 5321, 5.1) and does
    not say that it takes none (RFC 7505). True as well if DNS does not answer in time or cannot be asked."""
    try:
        validate_email_deliverability(domain, domain, dns_resolver=resolver())
    except EmailUndeliverableError as problem:
        return not isinstance(problem.__cause__, (type(None), dns.resolver.NXDOMAIN, dns.resolver.NoAnswer))
    except dns.resolver.NoResolverConfiguration:
        return True
    return True


@cache
def resolver() -> dns.resolver.Resolver:
    """Asks the name servers of this machine, and remembers their answers as long as they hold."""
    return caching_resolver(timeout=PATIENCE)


def likely_meant(domain: str, others: Iterable[str]) -> str:
    """The domain that somebody may have meant who wrote this one; empty if it is known or resembles none.

    `others` are domains beside the common ones, in small letters. One slip (a letter too many, too few, wrong or in the
    other's place), or two in a long and common name.
    """
    known = {*COMMON, *others}
    if len(domain) < SHORTEST or any(domain == each or domain.endswith(f".{each}") for each in known):
        return ""
    return _nearest(domain, COMMON, 1) or _nearest(domain, _long_names(others, domain), 1) or _two_slips(domain)


def _two_slips(domain: str) -> str:
    alike = [each for each in COMMON if _ending(each) == _ending(domain) and len(_name(each)) >= SHORTEST_NAME_FOR_TWO]
    return _nearest(domain, alike, 2)


def _long_names(domains: Iterable[str], like: str) -> list[str]:
    return [each for each in domains if len(_name(each)) >= SHORTEST_NAME and _ending(each) == _ending(like)]


def _nearest(domain: str, choices: Collection[str], slips: int) -> str:
    found = extractOne(domain, sorted(choices), scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else ""


def _name(domain: str) -> str:
    return domain.partition(".")[0]


def _ending(domain: str) -> str:
    return domain.partition(".")[2]
