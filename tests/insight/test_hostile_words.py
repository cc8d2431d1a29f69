"""Names that are markup, formulas, code or letters that no font has, and addresses that are nonsense: pages and files
of insight print them as text, and none fails."""

from xml.etree import ElementTree

import pytest
from flask import Flask

from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.search.index import rebuild
from tests.insight.facts_cast import companies, join, network
from tests.listings import add

EVIL = """</script><script>alert(1)</script> "q' #panic() $x$ \\u{41} [*b*] 北京 🧬 \u200bשלום"""
FORMULA = "=HYPERLINK(1)"
ON_A_MAP = (
    "area=nan,nan,nan,nan",
    "area=1,1,1,1",
    "area=-180,-90,180,90&zoom=18",
    "zoom=-99999",
    "zoom=99999999999999999999",
    "lines=99999999999999999999",
    "at=nan,nan",
    "at=1e400,-1e400",
    "at=1,2,3",
    "radius=9999999999999&near=Uppsala",
)
ANYWHERE = (
    "q=%00%01%0b%ef%bf%be", "q=%ed%a0%80", "near=%00", "page=99999999999999999999", "sort=%00&kind=%00&technique=%00",
    "country=%00&network=%00", "compare=%00&with=%00&access=%00&manufacturer=%00",
)  # fmt: skip
PICTURES = ("width=99999999999999999999", "width=-5&area=1,1,1,1", "area=10,60,10.00001,60.00001", "q=%00%01%ef%bf%be")
PAGES = {
    "/map": ON_A_MAP, "/map/places.json": ON_A_MAP, "/map/card": ON_A_MAP, "/map/lines.json": ON_A_MAP[4:6],
    "/map/embed": ON_A_MAP[:2], "/map/share": ON_A_MAP[:2], "/map.png": PICTURES,
    "/places": ANYWHERE, "/places/se/uppsala": ANYWHERE, "/density": ANYWHERE, "/instruments/others": ANYWHERE,
    "/needs": ANYWHERE, "/networks/evil/needs": ANYWHERE, "/networks/evil/facts": ANYWHERE[:1],
}  # fmt: skip


def put_hostile_words() -> None:
    """A network, its hub, four members and what they have, all called by hostile names."""
    evil = network("evil", "hub")
    evil.names = {"en": EVIL}
    evil.categories[0].names = {"en": EVIL}
    evil.hubs[0].names, evil.hubs[0].lat, evil.hubs[0].lng = {"en": EVIL}, 59.86, 17.64
    db.session.commit()
    firms = companies(
        4, EVIL, employees=9, employees_source=EVIL, sector="biotech",
        pipeline=[{"name": EVIL, "phase": "phase_1", "indication": EVIL}],
    )  # fmt: skip
    join(evil, firms)
    certificates = [{"name": FORMULA}, {"name": EVIL}]
    add(Kind.SERVICE, EVIL, parent=firms[0], certificates=certificates)
    add(Kind.OFFER, EVIL, parent=firms[0], offer_kind="premises", premises=["laboratory"], area_max=20)
    rebuild()


@pytest.fixture
def hostile(app: Flask) -> Flask:
    put_hostile_words()
    return app


def test_no_nonsense_in_an_address_is_a_fault(app_on: Flask) -> None:
    put_hostile_words()
    client = app_on.test_client()
    every = [f"{page}?{asked}" for page, nonsense in PAGES.items() for asked in nonsense]
    assert [asked for asked in every if client.get(asked).status_code >= 500] == []


def test_hostile_names_are_printed_as_text(hostile: Flask) -> None:
    client = hostile.test_client()
    for page in (*PAGES, "/networks/evil/hubs/hub/facts", "/places/se/uppsala/facts", "/networks/evil/map.svg"):
        text = client.get(page).get_data()
        assert b"<script>alert" not in text.replace(b"\\u003c", b"<") or page.endswith(".json"), page
    ElementTree.fromstring(client.get("/networks/evil/map.svg").text)
    drawn = client.get("/networks/evil/facts/certificates.svg").text
    assert "</script>" in "".join(ElementTree.fromstring(drawn).itertext())
    table = client.get("/networks/evil/facts.csv").text
    assert ",=HYPERLINK" not in table and FORMULA in table


def test_the_fact_sheet_is_printed_whatever_letters_a_name_has(hostile: Flask) -> None:
    assert hostile.test_client().get("/networks/evil/facts.pdf").data.startswith(b"%PDF")
