"""Every setting of the application once: its name, type, default and meaning."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from environs import Env, EnvError

from facilities.languages import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent


SMTP_FORM = re.compile(r"smtps?://([^@/\s]+@)?(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?/?(\?[\w=&]*)?")
IMAP_FORM = re.compile(r"imaps://[^@/:\s]+:[^@/\s]+@(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?(/\S*)?")
ENGINES = ("whoosh", "postgresql")
REMINDERS_FORM = re.compile(r"\s*\d{1,3}\s*(,\s*\d{1,3}\s*){0,2}")
MAIL_FORM = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\w")


class SettingError(Exception):
    """A setting is missing or malformed; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `kind` is the name of an `environs` parser: str, bool, int, path."""

    name: str
    kind: str
    default: Any
    meaning: str


SETTINGS = (
    Setting(
        "INSTANCE_PATH",
        "path",
        ROOT / "instance",
        "Folder of the database, index, uploads and written letters",
    ),
    Setting("DATABASE_URL", "str", "", "SQLAlchemy address of the database; empty means SQLite in INSTANCE_PATH"),
    Setting("SECRET_KEY", "str", "", "Signs cookies and forms; made and stored in INSTANCE_PATH at the first run"),
    Setting("SITE_NAME", "str", "Open Bench", "Name of the site in the page head, titles and letters"),
    Setting("HOST", "str", "127.0.0.1", "Address the site listens on"),
    Setting("PORT", "int", 8000, "Port the site listens on"),
    Setting(
        "SITE_URL",
        "str",
        "",
        "Public address of the site, in letters and permanent links; empty means HOST and PORT",
    ),
    Setting(
        "DEFAULT_LOCALE",
        "str",
        "en",
        "Language (en, sv, nb, da) when the browser's is not offered",
    ),
    Setting(
        "SMTP_URL",
        "str",
        "",
        "smtp://user:pass@host:port?starttls=1; empty writes letters to INSTANCE_PATH/mail",
    ),
    Setting(
        "REPLY_ADDRESS",
        "str",
        "",
        "Mailbox whose tagged addresses (reply+...@host) bring answers by mail into threads; empty: mail goes past us",
    ),
    Setting(
        "IMAP_URL",
        "str",
        "",
        "imaps://user:pass@host:port/folder of REPLY_ADDRESS, which the worker empties; empty where a pipe delivers",
    ),
    Setting("CHECK_MAIL_DOMAINS", "bool", default=True, meaning="Whether DNS is asked if an address can receive mail"),
    Setting(
        "REMIND_AFTER",
        "str",
        "3,7,14",
        "Working days after which the owner, the deputy and the desk are reminded of an enquiry without an answer",
    ),
    Setting("CLOSE_AFTER", "int", 30, "Days of silence after which a thread that waits for the requester is closed"),
    Setting("ENQUIRY_MONTHS", "int", 24, "Months after which what was said in an enquiry and by whom is emptied"),
    Setting("TIMEZONE", "str", "Europe/Stockholm", "Time zone in which times are shown and asked for, and days begin"),
    Setting("MAIL_FROM", "str", "catalogue@example.org", "Sender address of every letter"),
    Setting("DESK_EMAIL", "str", "desk@example.org", "Mailbox of the cluster desk: receives what no contact can"),
    Setting(
        "TRUSTED_PROXIES",
        "int",
        0,
        "Number of proxies before the application whose X-Forwarded-* is believed",
    ),
    Setting(
        "RATELIMIT_STORAGE_URL",
        "str",
        "",
        "Where rate limits are counted (redis://...); empty counts in each process",
    ),
    Setting(
        "CHECK_LINKS", "bool", default=True, meaning="Whether the worker checks if the web addresses of listings answer"
    ),
    Setting(
        "SEARCH_ENGINE",
        "str",
        "whoosh",
        "Where the search index is: whoosh (a folder of INSTANCE_PATH) or postgresql (the database of DATABASE_URL)",
    ),
    Setting("SEARCH_LOG_MONTHS", "int", 12, "Months for which it is kept how often what was searched for"),
    Setting("TILE_URL", "str", "", "Map tile server, {z}/{x}/{y}; empty uses the base map that is shipped"),
)


def load_settings(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read all settings from the environment and `instance/settings.env`; `overrides` win over both.

    Raises SettingError for a malformed value.
    """
    env = Env()
    instance = Path(env.str("INSTANCE_PATH", str(ROOT / "instance")))
    instance = Path((overrides or {}).get("INSTANCE_PATH", instance)).resolve()
    env.read_env(str(instance / "settings.env"), recurse=False)
    values = {setting.name: _read(env, setting) for setting in SETTINGS}
    values.update(overrides or {})
    values["INSTANCE_PATH"] = instance
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    values["SECRET_KEY"] = values["SECRET_KEY"] or _stored_secret(instance / "secret_key")
    values["SITE_URL"] = (values["SITE_URL"] or f"http://{values['HOST']}:{values['PORT']}").rstrip("/")
    values["DATABASE_URL"] = _database_url(values["DATABASE_URL"], instance)
    return _checked(values)


def _read(env: Env, setting: Setting) -> Any:
    try:
        return getattr(env, setting.kind)(setting.name, setting.default)
    except EnvError as error:
        raise SettingError(f"{setting.name} cannot be read ({error}). {setting.meaning}.") from error


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The settings, if mail can be sent and an index kept with them. Raises SettingError."""
    _check_engine(values["SEARCH_ENGINE"], values["DATABASE_URL"])
    _check_waiting(values)
    if values["DEFAULT_LOCALE"] not in LANGUAGES:
        raise SettingError(f"DEFAULT_LOCALE is {values['DEFAULT_LOCALE']!r}: write one of {', '.join(LANGUAGES)}")
    if values["SMTP_URL"] and not SMTP_FORM.fullmatch(values["SMTP_URL"]):
        raise SettingError("SMTP_URL cannot be read: write smtp://user:password@host:587?starttls=1, or smtps://...")
    for name in ("MAIL_FROM", "DESK_EMAIL"):
        if not MAIL_FORM.fullmatch(values[name]):
            raise SettingError(f"{name} is not a mail address: write one like desk@example.org")
    _check_incoming(values["REPLY_ADDRESS"], values["IMAP_URL"])
    return values


def _check_incoming(reply_address: str, imap_url: str) -> None:
    """Raises SettingError if no answer by mail could come in as the settings say."""
    if reply_address and (not MAIL_FORM.fullmatch(reply_address) or "+" in reply_address):
        raise SettingError("REPLY_ADDRESS is not a mail address without a tag: write one like reply@example.org")
    if imap_url and not IMAP_FORM.fullmatch(imap_url):
        raise SettingError("IMAP_URL cannot be read: write imaps://user:password@host:993/INBOX")
    if imap_url and not reply_address:
        raise SettingError("IMAP_URL is the mailbox of REPLY_ADDRESS: write that address too")


def _check_engine(engine: str, database: str) -> None:
    if engine not in ENGINES:
        raise SettingError(f"SEARCH_ENGINE is {engine!r}: write one of {', '.join(ENGINES)}")
    if engine == "postgresql" and not database.startswith("postgresql"):
        raise SettingError("SEARCH_ENGINE is postgresql, so DATABASE_URL has to name a PostgreSQL database")


def _check_waiting(values: Mapping[str, Any]) -> None:
    """Raises SettingError if reminders, the end of waiting or the time zone could not be reckoned with."""
    if not REMINDERS_FORM.fullmatch(values["REMIND_AFTER"]) or not _rise(values["REMIND_AFTER"]):
        raise SettingError("REMIND_AFTER cannot be read: write up to three rising numbers of working days, like 3,7,14")
    if values["CLOSE_AFTER"] < 1:
        raise SettingError("CLOSE_AFTER has to be at least 1: write the days of silence after which a thread is closed")
    if values["ENQUIRY_MONTHS"] < 0:
        raise SettingError("ENQUIRY_MONTHS is below 0: write a number of months, or 0 to keep enquiries for ever")
    try:
        ZoneInfo(values["TIMEZONE"])
    except (LookupError, ValueError, OSError) as error:
        raise SettingError(f"TIMEZONE is {values['TIMEZONE']!r}: write a name like Europe/Stockholm") from error


def _rise(numbers: str) -> bool:
    days = [int(each) for each in numbers.split(",")]
    return all(earlier < later for earlier, later in pairwise([0, *days]))


def _stored_secret(path: Path) -> str:
    """The secret of this instance, made once and whole whoever starts first; only its owner can read the file."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as file, suppress(FileExistsError):
            file.write(secrets.token_hex(32))
            file.flush()
            os.link(file.name, path)
    return path.read_text().strip()


def _database_url(url: str, instance: Path) -> str:
    """Name the driver that is installed, whichever spelling of PostgreSQL was given."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url or f"sqlite:///{instance / 'catalogue.sqlite'}"
