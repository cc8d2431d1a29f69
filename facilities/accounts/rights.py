"""Who may do what: one list of permissions with the least level each needs, and one named rule for each act.

Levels flow down: a right on an organisation holds for its facilities, instruments and services. Views, templates, the
programming interface and tests all ask the rules here.
"""

from collections.abc import Callable
from enum import IntEnum, StrEnum

from facilities.accounts.models import OwnerRole, SiteRole, User
from facilities.catalogue.models import Kind, Listing, Organisation, Review, Status

PUBLIC = (Status.PUBLISHED, Status.WITHDRAWN, Status.MERGED)
"""Listings that anyone may see, if only to be told that they are gone."""


class Level(IntEnum):
    """What someone is to a listing, or to the site where there is no listing; each includes those before."""

    ANYONE = 0
    MEMBER = 1
    EDITOR = 2
    MANAGER = 3
    MODERATOR = 4
    ADMINISTRATOR = 5


class Permission(StrEnum):
    """Every act that not everybody may do."""

    CLAIM = "claim"
    PROPOSE_ORGANISATION = "propose_organisation"

    EDIT = "edit"
    CONFIRM = "confirm"
    SEE_HISTORY = "see_history"
    EXPORT = "export"

    WITHDRAW = "withdraw"
    SEE_ENQUIRIES = "see_enquiries"
    SEE_TEAM = "see_team"
    INVITE = "invite"
    IMPORT = "import"

    MODERATE = "moderate"
    SET_REVIEW = "set_review"

    MANAGE_USERS = "manage_users"


NEEDS: dict[Permission, Level] = {
    Permission.CLAIM: Level.MEMBER,
    Permission.PROPOSE_ORGANISATION: Level.MEMBER,
    Permission.EDIT: Level.EDITOR,
    Permission.CONFIRM: Level.EDITOR,
    Permission.SEE_HISTORY: Level.EDITOR,
    Permission.EXPORT: Level.EDITOR,
    Permission.WITHDRAW: Level.MANAGER,
    Permission.SEE_ENQUIRIES: Level.MANAGER,
    Permission.SEE_TEAM: Level.EDITOR,
    Permission.INVITE: Level.MANAGER,
    Permission.IMPORT: Level.MANAGER,
    Permission.MODERATE: Level.MODERATOR,
    Permission.SET_REVIEW: Level.MODERATOR,
    Permission.MANAGE_USERS: Level.ADMINISTRATOR,
}

SITE_LEVELS = {
    SiteRole.MEMBER: Level.MEMBER,
    SiteRole.MODERATOR: Level.MODERATOR,
    SiteRole.ADMINISTRATOR: Level.ADMINISTRATOR,
}
OWNER_LEVELS = {OwnerRole.EDITOR: Level.EDITOR, OwnerRole.MANAGER: Level.MANAGER}
REVIEW_LEVELS = {Review.DESK: Level.MODERATOR, Review.MANAGER: Level.MANAGER, Review.NOBODY: Level.EDITOR}

Rule = Callable[[User | None, Listing], bool]


def level_of(user: User | None, listing: Listing | None = None) -> Level:
    """What the user is to the listing: by the site role, and by the grants on it and on all it belongs to."""
    if user is None or not user.is_authenticated or not user.active:
        return Level.ANYONE
    level = SITE_LEVELS[user.site_role]
    if listing is None or level >= Level.MODERATOR or not user.grants:
        return level
    granted = {grant.listing_id: OWNER_LEVELS[grant.role] for grant in user.grants}
    return max(level, *(granted.get(holder.id, level) for holder in listing.lineage()))


def may(user: User | None, permission: Permission, listing: Listing | None = None) -> bool:
    """Whether the user has the level that the permission needs, on the listing if one is named."""
    return level_of(user, listing) >= NEEDS[permission]


def review_of(listing: Listing) -> Review:
    """Who has to accept changes: as the organisation at the top says; the desk where there is none."""
    top = list(listing.lineage())[-1]
    return top.review if isinstance(top, Organisation) else Review.DESK


def may_see(user: User | None, listing: Listing) -> bool:
    """Public listings are for anyone; others for those who may edit them."""
    return listing.status in PUBLIC or may_edit(user, listing)


def may_edit(user: User | None, listing: Listing) -> bool:
    """Change what a listing says; whether that is public at once is `may_publish`."""
    return may(user, Permission.EDIT, listing) and listing.status != Status.MERGED


def may_publish(user: User | None, listing: Listing) -> bool:
    """Have changes and new listings public at once, and accept those of others."""
    return may_edit(user, listing) and level_of(user, listing) >= REVIEW_LEVELS[review_of(listing)]


def may_confirm(user: User | None, listing: Listing) -> bool:
    return may(user, Permission.CONFIRM, listing) and listing.status == Status.PUBLISHED


def may_withdraw(user: User | None, listing: Listing) -> bool:
    """Withdraw a listing, put it away, bring it back, plan its withdrawal."""
    return may(user, Permission.WITHDRAW, listing) and listing.status != Status.MERGED


def may_withdraw_some(user: User | None) -> bool:
    """Whether there are listings that the user may withdraw."""
    if user is None or may_moderate(user):
        return user is not None
    return any(OWNER_LEVELS[grant.role] >= NEEDS[Permission.WITHDRAW] for grant in user.grants)


def may_see_history(user: User | None, listing: Listing) -> bool:
    return may(user, Permission.SEE_HISTORY, listing)


def may_export(user: User | None, listing: Listing) -> bool:
    return may(user, Permission.EXPORT, listing)


def may_import(user: User | None, listing: Listing) -> bool:
    """Import spreadsheets below an organisation or facility."""
    return may(user, Permission.IMPORT, listing) and listing.kind in (Kind.ORGANISATION, Kind.FACILITY)


def may_add_below(user: User | None, listing: Listing) -> bool:
    """Add listings that belong to this one."""
    return may_edit(user, listing) and listing.kind in (Kind.ORGANISATION, Kind.FACILITY)


def may_move(user: User | None, listing: Listing, parent: Listing) -> bool:
    """Have a listing belong to another one. A public one moves only by those who may publish it, here and there. Who
    may not withdraw it neither takes it out of its organisation nor brings it where they may do more with it."""
    if not (may_edit(user, listing) and may_add_below(user, parent)):
        return False
    if listing.status == Status.PUBLISHED and not (may_publish(user, listing) and may_publish(user, parent)):
        return False
    stays = list(listing.lineage())[-1].id == list(parent.lineage())[-1].id
    return may_withdraw(user, listing) or (stays and level_of(user, parent) <= level_of(user, listing))


def may_copy(user: User | None, listing: Listing) -> bool:
    """Add a copy of the listing beside it."""
    return listing.parent is not None and may_edit(user, listing) and may_add_below(user, listing.parent)


def may_see_team(user: User | None, listing: Listing) -> bool:
    return may(user, Permission.SEE_TEAM, listing) and listing.kind in (Kind.ORGANISATION, Kind.FACILITY)


def may_invite(user: User | None, listing: Listing) -> bool:
    """Invite people to a listing's team, change their roles and let them go."""
    return may(user, Permission.INVITE, listing) and listing.kind in (Kind.ORGANISATION, Kind.FACILITY)


def may_see_enquiries(user: User | None, listing: Listing) -> bool:
    return may(user, Permission.SEE_ENQUIRIES, listing)


def may_see_routing(user: User | None, listing: Listing) -> bool:
    """See who receives enquiries about a listing, with their addresses."""
    return may_edit(user, listing) or may_see_enquiries(user, listing)


def may_see_numbers(user: User | None, listing: Listing) -> bool:
    """See how often a listing is opened, found and asked about."""
    return may(user, Permission.SEE_HISTORY, listing)


def may_set_review(user: User | None, listing: Listing) -> bool:
    """Say who has to accept the changes of an organisation's owners."""
    return may(user, Permission.SET_REVIEW, listing) and listing.kind == Kind.ORGANISATION


def may_claim(user: User | None, listing: Listing) -> bool:
    """Say that a public organisation or facility is one's own to keep."""
    holder = listing.kind in (Kind.ORGANISATION, Kind.FACILITY)
    return may(user, Permission.CLAIM) and holder and listing.status == Status.PUBLISHED and not may_edit(user, listing)


def may_moderate(user: User | None, listing: Listing | None = None) -> bool:
    """Everything the desk does: queues, merges, decisions."""
    return may(user, Permission.MODERATE, listing)


def may_manage_users(user: User | None) -> bool:
    return may(user, Permission.MANAGE_USERS)
