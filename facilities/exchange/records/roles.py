"""The roles in a record: those that the desk keeps. The database is asked when a record with roles is read."""

from typing import Annotated

from pydantic import AfterValidator, Field

from facilities.catalogue.roles import offered_roles, unknown_roles
from facilities.exchange.records.cleaning import problem

MOST_ROLES = 100


def known(slugs: list[str]) -> list[str]:
    """Each role once; a record with one that there is not says which there are."""
    if strange := unknown_roles(slugs):
        choices = ", ".join(role.slug for role in offered_roles())
        raise problem(f"“{strange[0]}” is no role here: write one of {choices}")
    return list(dict.fromkeys(slugs))


Roles = Annotated[
    list[Annotated[str, Field(max_length=80)]],
    Field(max_length=MOST_ROLES, description="Slugs of roles in the value chain, as the desk of the site keeps them."),
    AfterValidator(known),
]
