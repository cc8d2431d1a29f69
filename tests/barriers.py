"""What keeps people out of a page: barriers that axe finds, in light and in dark, and pages wider than their window."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE: Any = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
"""The settings of a browser's context on a phone."""

EVERYTHING = {"resultTypes": ["violations"], "preload": False}
"""All rules that axe has on. What it would load first is for one that is off, and for films that play by themselves."""

COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules that what is seen in the dark can break when the same page in light keeps them all."""


def barriers(page: Page) -> list[tuple[str, str]]:
    """Each rule that is broken with the beginning of the first element that does it; the colours are left dark."""
    _show(page, "light")
    found = [("wider than the window", page.url)] if page.evaluate(WIDE) else []
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found += _broken(page, EVERYTHING)
    _show(page, "dark")
    return found + _broken(page, COLOURS)


WIDE = "document.documentElement.scrollWidth > innerWidth"
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
AT_REST = "Promise.all(document.getAnimations().map((moving) => moving.finished))"


def _show(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Have the page in these colours, painted and at rest."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(f"{PAINTED}.then(() => {AT_REST})")


def _broken(page: Page, rules: dict[str, Any]) -> list[tuple[str, str]]:
    violations = page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in violations]
