"""Settings are read once, documented, and named when they are wrong."""

from pathlib import Path

import pytest

from facilities.config import SETTINGS, SettingError, load_settings

GUIDE = Path(__file__).parent.parent / "docs" / "operators.md"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_operators_guide(setting) -> None:  # type: ignore[no-untyped-def]
    assert f"`{setting.name}`" in GUIDE.read_text()


def test_a_malformed_setting_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "two")
    with pytest.raises(SettingError, match="TRUSTED_PROXIES"):
        load_settings({"INSTANCE_PATH": tmp_path})


@pytest.mark.parametrize("name", ["SMTP_URL", "MAIL_FROM", "DESK_EMAIL", "REPLY_ADDRESS", "IMAP_URL"])
def test_a_mail_setting_that_cannot_work_stops_the_start(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=name):
        load_settings({"INSTANCE_PATH": tmp_path, name: "mail.example.org"})


def test_an_index_in_postgresql_needs_a_postgresql_database(tmp_path: Path) -> None:
    settings = {"INSTANCE_PATH": tmp_path, "SEARCH_ENGINE": "postgresql"}
    with pytest.raises(SettingError, match="DATABASE_URL has to name a PostgreSQL database"):
        load_settings(settings)
    with pytest.raises(SettingError, match="write one of whoosh, postgresql"):
        load_settings(settings | {"SEARCH_ENGINE": "lucene"})
    assert load_settings(settings | {"DATABASE_URL": "postgres://localhost/x"})["SEARCH_ENGINE"] == "postgresql"


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    first, second = (load_settings({"INSTANCE_PATH": tmp_path})["SECRET_KEY"] for _ in range(2))
    assert first == second
    assert len(first) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_file_of_settings_gives_way_to_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("SITE_NAME=From the file\nMAIL_FROM=file@example.org\n")
    monkeypatch.setenv("SITE_NAME", "From the environment")
    settings = load_settings({"INSTANCE_PATH": tmp_path})
    assert (settings["SITE_NAME"], settings["MAIL_FROM"]) == ("From the environment", "file@example.org")


def test_any_spelling_of_postgresql_names_the_installed_driver(tmp_path: Path) -> None:
    for url in ("postgres://u@h/d", "postgresql://u@h/d"):
        found = load_settings({"INSTANCE_PATH": tmp_path, "DATABASE_URL": url})["DATABASE_URL"]
        assert found == "postgresql+psycopg://u@h/d"
