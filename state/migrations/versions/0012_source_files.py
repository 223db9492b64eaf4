"""The files of a calendar are kept once each, and of each calendar those that changed"""

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "source_text",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_source_text"),
    )
    op.create_table(
        "source_file",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("applied_id", NUMBER, nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.ForeignKeyConstraint(["applied_id"], ["applied.id"], name="fk_source_file_applied_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source_file"),
        sa.UniqueConstraint("applied_id", "path", name="uq_source_file_applied_id_path"),
    )
    op.create_index("ix_source_file_path", "source_file", ["path", "id"])
    _take_apart()
    with op.batch_alter_table("source") as batch:
        batch.drop_column("files")


def _take_apart() -> None:
    """One calendar after the other, as they were applied."""
    connection = op.get_bind()
    before: dict[str, str] = {}
    for row in connection.execute(sa.text("SELECT applied_id FROM source ORDER BY applied_id")):
        packed = connection.scalar(
            sa.text("SELECT files FROM source WHERE applied_id = :id"), {"id": row.applied_id}
        )
        files = json.loads(zlib.decompress(packed))
        contents = {path: text.encode() for path, text in files.items()}
        now = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
        for path, digest in now.items():
            _keep(connection, digest, contents[path])
        for path in sorted({*before, *now}):
            if before.get(path) != now.get(path):
                connection.execute(
                    sa.text(
                        "INSERT INTO source_file (applied_id, path, sha256)"
                        " VALUES (:id, :path, :digest)"
                    ),
                    {"id": row.applied_id, "path": path, "digest": now.get(path)},
                )
        before = now


def _keep(connection: sa.Connection, digest: str, content: bytes) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO source_text (sha256, packed) VALUES (:digest, :packed)"
            " ON CONFLICT (sha256) DO NOTHING"
        ),
        {"digest": digest, "packed": zlib.compress(content, 6)},
    )


def downgrade() -> None:
    """The files of earlier calendars go: each can be applied again from where it is kept otherwise."""
    op.drop_table("source_file")
    op.drop_table("source_text")
    op.execute("DELETE FROM source")
    with op.batch_alter_table("source") as batch:
        batch.add_column(sa.Column("files", sa.LargeBinary(), nullable=False))
