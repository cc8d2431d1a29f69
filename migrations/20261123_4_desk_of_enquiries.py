"""Let the desk's log tell what it did with enquiries, and enquiries say where a need should be met."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_4"
down_revision = "20261123_3"
branch_labels = None
depends_on = None

BEFORE = (
    "accepted", "accepted_edited", "sent_back", "rejected", "merged", "unmerged", "not_duplicate", "withdrawn",
    "restored", "claim_accepted", "claim_rejected", "report_accepted", "report_rejected",
)  # fmt: skip
ADDED = (
    "enquiry_released", "enquiry_spam", "sender_blocked", "sender_unblocked", "need_approved", "need_dropped",
)  # fmt: skip


def upgrade() -> None:
    _allow(BEFORE + ADDED)
    with op.batch_alter_table("enquiries") as table:
        table.add_column(sa.Column("place", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("enquiries") as table:
        table.alter_column("place", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("enquiries") as table:
        table.drop_column("place")
    op.execute(f"DELETE FROM decisions WHERE act IN ({_listed(ADDED)})")  # noqa: S608 - words of this file
    _allow(BEFORE)


def _allow(acts: tuple[str, ...]) -> None:
    """Let decisions be of these acts. SQLite cannot change a constraint: there the table is made anew with its rows."""
    with op.batch_alter_table("decisions") as table:
        table.drop_constraint(op.f("ck_decisions_decision_act"), type_="check")
        table.create_check_constraint(op.f("ck_decisions_decision_act"), sa.text(f"act IN ({_listed(acts)})"))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
