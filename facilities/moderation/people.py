"""People with an account, as administrators see and change them. Nobody locks themselves out."""

import logging

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from facilities.accounts.models import ApiToken, Grant, SignIn, SiteRole, User, new_uniquifier
from facilities.db import db, now

log = logging.getLogger(__name__)

PAGE = 50


class OwnAccount(Exception):
    """Administrators change neither their own role nor whether they may sign in: another one does it."""


def people_like(text: str, role: SiteRole | None, page: int) -> tuple[list[User], int]:
    """The users on a page whose name or address contains the text, and how many there are; with their rights."""
    found = sa.select(User)
    if text:
        said = f"%{text.lower().replace('%', '').replace('_', '')}%"
        found = found.where(sa.or_(sa.func.lower(User.name).like(said), User.email.like(said)))
    if role is not None:
        found = found.where(User.site_role == role)
    number = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    shown = found.order_by(sa.func.lower(User.name), User.id).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(shown.options(selectinload(User.grants)))), number


def last_sign_ins(users: list[User]) -> dict[int, SignIn]:
    """The newest sign-in of each of these users."""
    newest = sa.select(sa.func.max(SignIn.id)).where(SignIn.user_id.in_([user.id for user in users]))
    found = db.session.scalars(sa.select(SignIn).where(SignIn.id.in_(newest.group_by(SignIn.user_id))))
    return {sign_in.user_id: sign_in for sign_in in found}


def person(user_id: int, *, to_change: bool = False) -> User | None:
    """A user with their rights and the listings these are on."""
    query = sa.select(User).where(User.id == user_id).options(selectinload(User.grants).joinedload(Grant.listing))
    if to_change:
        query = query.with_for_update(of=User).execution_options(populate_existing=True)
    return db.session.scalar(query)


def set_site_role(user: User, role: SiteRole, *, by: User) -> None:
    """Say what somebody may do on the whole site. Raises OwnAccount."""
    _not_oneself(user, by)
    log.info("user %s: site role %s -> %s, by user %s", user.id, user.site_role, role, by.id)
    user.site_role = role
    db.session.commit()


def deactivate(user: User, *, by: User) -> None:
    """Let somebody sign in no more, and end their sessions and tokens. Raises OwnAccount."""
    _not_oneself(user, by)
    log.info("user %s deactivated by user %s", user.id, by.id)
    user.active, user.fs_uniquifier = False, new_uniquifier()
    live = sa.and_(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    db.session.execute(sa.update(ApiToken).where(live).values(revoked_at=now()))
    db.session.commit()


def reactivate(user: User, *, by: User) -> None:
    """Let somebody sign in again; ended tokens stay ended."""
    log.info("user %s reactivated by user %s", user.id, by.id)
    user.active = True
    db.session.commit()


def end_sessions(user: User, *, by: User) -> None:
    """Sign somebody out everywhere."""
    log.info("user %s signed out everywhere by user %s", user.id, by.id)
    user.fs_uniquifier = new_uniquifier()
    db.session.commit()


def _not_oneself(user: User, by: User) -> None:
    if user.id == by.id:
        raise OwnAccount(user.id)
