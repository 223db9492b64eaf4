"""A report of a target has a value"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("value", sa.String(24)))
    op.add_column("answer", sa.Column("unit", sa.String(12), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("answer", "unit")
    op.drop_column("answer", "value")
