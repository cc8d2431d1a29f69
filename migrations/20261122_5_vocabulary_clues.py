"""Let techniques keep the words by which an ambiguous text is theirs or is not."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_5"
down_revision = "20261122_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("techniques") as table:
        table.add_column(sa.Column("clues", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("not_with", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("techniques") as table:
        table.alter_column("clues", server_default=None)
        table.alter_column("not_with", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("techniques") as table:
        table.drop_column("not_with")
        table.drop_column("clues")
