"""The browser the tests drive: Chromium of this machine, else one that `python -m tests.browser` installs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
"""Chromium without windows, as Debian packages it: it starts in a third of the time of the whole browser."""

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HELP = """No Chromium could be installed for the browser tests. Install one (Debian: apt-get install chromium) so that
it is on the PATH, or name its program in the environment variable CHROMIUM, then run make test again."""


def chromium() -> str | None:
    """The program to drive: named by CHROMIUM, on the PATH, or Playwright's own; None if there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or _of_playwright()


def _of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Have a Chromium: the shell where we may install the system's packages, else any that is there, else Playwright's
    download."""
    if not os.environ.get("CHROMIUM") and shutil.which(SHELL) is None and _may_install_packages():
        _install_package(SHELL)
        if chromium() is None:
            _install_package("chromium")
    if chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    return chromium()


def _may_install_packages() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_package(name: str) -> None:
    print(f"Installing {name} for the browser tests ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", name]):
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)


if __name__ == "__main__":
    found = install()
    if found is None:
        sys.exit(HELP)
    print(f"Browser tests use {found}")
