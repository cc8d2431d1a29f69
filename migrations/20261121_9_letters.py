"""Create the stored letters, and let jobs be letters and imports."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_9"
down_revision = "20261121_8"
branch_labels = None
depends_on = None

KINDS = ("index_listing", "enquiry_letter", "receipt_letter")
NEW_KINDS = ("letter", "import")


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
    )
    _allow((*KINDS, *NEW_KINDS))


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind IN ('letter', 'import')")
    _allow(KINDS)
    op.drop_table("letters")


def _allow(kinds: tuple[str, ...]) -> None:
    """Let jobs be of these kinds. SQLite cannot change a constraint: there the table is made anew with its rows."""
    with op.batch_alter_table("jobs") as table:
        table.drop_constraint(op.f("ck_jobs_job_kind"), type_="check")
        table.create_check_constraint(op.f("ck_jobs_job_kind"), sa.text(f"kind IN ({_listed(kinds)})"))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
