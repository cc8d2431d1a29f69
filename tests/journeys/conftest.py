"""A running site with the demo catalogue, a mail server that keeps letters, and a page of it in a browser."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, Page

from tests.post_office import PostOffice, open_post_office
from tests.running_site import Site, running_site


@pytest.fixture(scope="session")
def letters() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, demo_files: Path, letters: PostOffice) -> Iterator[Site]:
    instance = copytree(demo_files, tmp_path_factory.mktemp("site"), dirs_exist_ok=True)
    with running_site(instance, SMTP_URL=letters.url) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of the site; a script error or a refused resource on it fails the test."""
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}, locale="en")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert wrong == []
