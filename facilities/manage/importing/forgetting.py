"""Files of imports are not kept for ever: they hold what an organisation knows about its people."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from facilities.db import db, now, writing
from facilities.manage.importing.findings import forget_folder
from facilities.manage.models import ImportRun, ImportState

KEPT = timedelta(days=90)
"""How long the file and findings of an import are kept. It can be undone without them."""

UNSAVED = timedelta(days=30)
"""How long an import waits for its owner."""

WAITING = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


def forget_old_imports(*, at: datetime | None = None) -> int:
    """Drop imports that nobody accepted in UNSAVED, and the files of all others after KEPT; gives how many were
    dropped."""
    at = at or now()
    for run_id in db.session.scalars(sa.select(ImportRun.id).where(ImportRun.made_at < at - KEPT)).all():
        forget_folder(run_id)
    writing()
    left = sa.delete(ImportRun).where(ImportRun.made_at < at - UNSAVED, ImportRun.state.in_(WAITING))
    dropped = db.session.scalars(left.returning(ImportRun.id)).all()
    db.session.commit()
    for run_id in dropped:
        forget_folder(run_id)
    return len(dropped)
