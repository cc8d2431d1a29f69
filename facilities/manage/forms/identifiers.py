"""Validators of identifiers and addresses: each writes the identifier in its plain form or says what to do."""

import re
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms.validators import ValidationError

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.exchange.records.cleaning import DOMAIN, PARTIAL_DATE, company_number, is_web_address
from facilities.exchange.records.identifiers import plain_doi, plain_orcid, plain_ror

RRID = re.compile(r"(RRID:)?[A-Za-z]+_?[A-Za-z0-9:_-]{1,60}")


def web_address(_form: Any, field: Any) -> None:
    """An http(s) address; a bare domain gets https."""
    if field.data and "://" not in field.data and DOMAIN.match(field.data):
        field.data = f"https://{field.data}"
    if field.data and not is_web_address(field.data):
        raise ValidationError(_("Write a web address that begins with https://."))


def mail_address(_form: Any, field: Any) -> None:
    """A mail address by its form; nothing is asked of the network."""
    try:
        if field.data:
            field.data = validate_email(field.data, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValidationError(_("Write a mail address like name@university.org.")) from error


def no_mail_address(_form: Any, field: Any) -> None:
    """Roles and names are printed on pages, where no address of a person may be."""
    if "@" in (field.data or ""):
        raise ValidationError(_("Leave mail addresses out of this: visitors see it."))


def ror(_form: Any, field: Any) -> None:
    """The 9 characters of a ROR id with right check digits."""
    identifier = plain_ror(field.data) if field.data else ""
    if identifier is None:
        raise ValidationError(_("Copy the ROR id from ror.org, for instance https://ror.org/048a87296."))
    field.data = identifier


def doi(_form: Any, field: Any) -> None:
    identifier = plain_doi(field.data) if field.data else ""
    if identifier is None:
        raise ValidationError(_("Write the DOI as 10.1234/name."))
    field.data = identifier


def rrid(_form: Any, field: Any) -> None:
    if field.data and not RRID.fullmatch(field.data):
        raise ValidationError(_("Write the RRID as RRID:SCR_123456."))
    if field.data:
        field.data = f"RRID:{field.data.removeprefix('RRID:')}"


def orcid(_form: Any, field: Any) -> None:
    identifier = plain_orcid(field.data) if field.data else ""
    if identifier is None:
        raise ValidationError(_("Copy the ORCID iD from orcid.org: 16 digits, for instance 0000-0002-1825-0097."))
    field.data = identifier


def partial_date(_form: Any, field: Any) -> None:
    if field.data and not PARTIAL_DATE.fullmatch(field.data):
        raise ValidationError(_("Write a year, a month or a day: 2021, 2021-05 or 2021-05-17."))


def number_of_country(number: str, country: str | None) -> str:
    """A company number in its country's short form. Raises ValidationError."""
    try:
        return company_number(number, country)
    except ValueError as error:
        raise ValidationError(_("Check the digits: this is not a company number of that country.")) from error


def listing_with_ror(identifier: str, apart: int | None) -> Listing | None:
    """The other listing that has this ROR id already."""
    same = sa.select(Listing).where(Listing.ror == identifier, Listing.id != (apart or 0))
    return db.session.scalar(same)
