"""Keep which one-time code of an app was used last, so that none is used twice."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1"
down_revision = "20261121_9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("tf_last_counter", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "tf_last_counter")
