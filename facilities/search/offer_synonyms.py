"""What visitors type for what offers are called here, by language; search finds offers by these words as well.

Keyed by word of a closed list and its value: values of two lists may be spelt alike.
"""

from facilities.catalogue.models import FundingStage, OfferKind, PremisesKind
from facilities.catalogue.models.terms import Word

ALSO: dict[tuple[type[Word], str], dict[str, str]] = {
    (OfferKind, "premises"): {
        "en": "rooms to let, space to rent, lease, facilities to rent",
        "sv": "lediga lokaler, hyra lokal, hyresledigt",
        "nb": "ledige lokaler, leie lokaler, utleie",
        "da": "ledige lokaler, lejemål, leje af lokaler",
    },
    (OfferKind, "funding"): {
        "en": "investment, investor, venture capital, risk capital, grant, call for applications",
        "sv": "riskkapital, investering, investerare, bidrag, stöd, utlysning",
        "nb": "risikokapital, investering, investor, tilskudd, støtte, utlysning",
        "da": "risikovillig kapital, investering, investor, tilskud, støtte, opslag",
    },
    (OfferKind, "knowledge"): {
        "en": "advisory, mentoring, coaching, expert",
        "sv": "rådgivare, mentor, expertstöd",
        "nb": "rådgiver, rådgivning, mentor, ekspert",
        "da": "rådgiver, mentor, ekspert",
    },
    (OfferKind, "education"): {
        "en": "course, training, workshop, internship, recruitment",
        "sv": "kurs, workshop, praktik, rekrytering, kompetens",
        "nb": "kurs, opplæring, praksisplass, rekruttering, kompetanse",
        "da": "kursus, efteruddannelse, praktikplads, rekruttering, kompetencer",
    },
    (OfferKind, "partners"): {
        "en": "collaboration, consortium, joint project",
        "sv": "samarbete, samarbetspartner, konsortium",
        "nb": "samarbeid, samarbeidspartner, konsortium",
        "da": "samarbejde, samarbejdspartner, konsortium",
    },
    (PremisesKind, "laboratory"): {
        "en": "lab space, laboratory premises, wet lab",
        "sv": "laboratorielokaler, labblokaler, labbyta, våtlabb",
        "nb": "laboratorielokaler, labplass, våtlab",
        "da": "laboratorielokaler, laboratorieplads, vådlaboratorium",
    },
    (PremisesKind, "office"): {
        "en": "office space, desks, coworking",
        "sv": "kontorslokaler, kontorsplats",
        "nb": "kontorlokaler, kontorplass",
        "da": "kontorlokaler, kontorplads",
    },
    (PremisesKind, "production"): {
        "en": "production premises, pilot plant",
        "sv": "produktionslokaler, pilotanläggning",
        "nb": "produksjonslokaler, pilotanlegg",
        "da": "produktionslokaler, pilotanlæg",
    },
    (PremisesKind, "plot"): {
        "en": "land, site to build on",
        "sv": "mark, tomtmark",
        "nb": "byggegrunn",
        "da": "byggegrund",
    },
    (FundingStage, "seed"): {"en": "seed capital", "sv": "såddkapital", "nb": "såkornkapital", "da": "såkapital"},
    (FundingStage, "research"): {
        "en": "research funding",
        "sv": "forskningsanslag, forskningsmedel",
        "nb": "forskningsmidler",
        "da": "forskningsmidler, forskningsbevilling",
    },
}  # fmt: skip


def also_called(word: Word, language: str) -> str:
    """Further words for a word in a language; empty if there are none."""
    return ALSO.get((type(word), word.value), {}).get(language, "")
