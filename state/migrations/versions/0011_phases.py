"""What a digest is said once for may be a phase of a programme"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _periods(sa.String(12), sa.String(85))


def downgrade() -> None:
    op.execute("DELETE FROM digest_letter WHERE length(period) > 12")
    op.execute("DELETE FROM digest WHERE length(period) > 12")
    _periods(sa.String(85), sa.String(12))


def _periods(before: sa.String, after: sa.String) -> None:
    for table in ("digest", "digest_letter"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("period", existing_type=before, type_=after, existing_nullable=False)
