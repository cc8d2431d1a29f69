"""The roles in a record: those that the desk keeps. The database is asked when a record with roles is read."""

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from facilities.catalogue.roles import not_offered, offered_roles, successors, unknown_roles
from facilities.exchange.records.cleaning import note, problem

MOST_ROLES = 100
HELD = "roles_held"
"""What the context of a record calls the roles that its organisation has; without it they are not known."""


def known(slugs: list[str], info: ValidationInfo) -> list[str]:
    """Each role once, one that became one with another as that one; a record with a role that there is not, or that is
    offered no longer and that the organisation does not have, says which there are."""
    if strange := unknown_roles(slugs):
        raise problem(f"“{strange[0]}” is no role here: write one of {_choices()}")
    now = successors(slugs)
    for old, new in now.items():
        note(info, f"the role “{old}” became one with “{new}”, which was taken instead")
    roles = list(dict.fromkeys(now.get(slug, slug) for slug in slugs))
    held = (info.context or {}).get(HELD)
    if held is not None and (reason := why_refused(roles, held)):
        raise problem(reason)
    return roles


def why_refused(slugs: list[str], held: Collection[str]) -> str:
    """Why an organisation that has the roles of `held` cannot be given these; empty if it can."""
    ended = not_offered(slugs, held)
    return f"the role “{ended[0]}” is offered no longer: write one of {_choices()}" if ended else ""


def _choices() -> str:
    return ", ".join(role.slug for role in offered_roles())


Roles = Annotated[
    list[Annotated[str, Field(max_length=80)]],
    Field(max_length=MOST_ROLES, description="Slugs of roles in the value chain, as the desk of the site keeps them."),
    AfterValidator(known),
]
