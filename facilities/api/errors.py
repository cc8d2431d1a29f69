"""What the interface answers when an action raises."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from facilities.api.problems import ApiProblem, Fault, answer
from facilities.catalogue.actions import CannotMove
from facilities.db import db


def add_handlers(bp: Blueprint) -> None:
    """One table of errors and their answers."""
    bp.register_error_handler(ApiProblem, _problem)
    bp.register_error_handler(CannotMove, _wrong_parent)
    bp.register_error_handler(StaleDataError, _stale)
    bp.register_error_handler(IntegrityError, _taken)


def _problem(problem: ApiProblem) -> ResponseReturnValue:
    return answer(problem)


def _wrong_parent(_error: CannotMove) -> ResponseReturnValue:
    fault = Fault("/parent_id", "is a listing that cannot hold one of this kind")
    return answer(ApiProblem("invalid", "Name another listing for it to belong to.", faults=[fault]))


def _stale(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return answer(ApiProblem("changed_meanwhile", "Somebody changed the listing just now: read it again."))


def _taken(_error: IntegrityError) -> ResponseReturnValue:
    db.session.rollback()
    said = (
        "A value that only one listing can have, such as the ROR id, is that of another, or values do not go together."
    )
    return answer(ApiProblem("conflict", said))
