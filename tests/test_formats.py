"""Numbers, amounts and dates as the visitor writes them."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from facilities.formats import money, number, short_date


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1250", "SEK", "sv", "1\xa0250\xa0kr"),
        ("1250.50", "EUR", "en", "€1,250.50"),
        ("90.00", "EUR", "en", "€90"),
        ("220", "SEK", "en", "SEK\xa0220"),
    ],
)
def test_amounts_have_decimals_only_when_needed(
    app: Flask, amount: str, currency: str, language: str, text: str
) -> None:
    with app.test_request_context("/"), force_locale(language):
        assert money(Decimal(amount), currency) == text


def test_thousands_are_set_apart(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert (number(999), number(12678)) == ("999", "12,678")


def test_english_dates_begin_with_the_day(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert short_date(date(2026, 9, 14)) == "14 Sept 2026"
