"""Capture sessions, their selfies and webhooks; and the round that an attempt was part of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("round", sa.String(64)))
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("request", sa.String(255)),
        sa.Column("digest", sa.String(64)),
        sa.Column("round", sa.String(64)),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("expires", sa.DateTime, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("reference", sa.String(255)),
        sa.Column("return_url", sa.Text),
        sa.Column("webhook_url", sa.Text),
        sa.Column("required", sa.JSON, nullable=False),
        sa.Column("selfie", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("opened", sa.DateTime),
        sa.Column("ended", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempt", sa.JSON, nullable=False),
        sa.Column("report", sa.Text),
        sa.Column("signature", sa.Text),
        sa.Column("hook", sa.String(16), nullable=False),
        sa.Column("feedback", sa.JSON, nullable=False),
    )
    op.create_index("sessions_list", "sessions", ["owner", "created", "id"])
    op.create_index("sessions_round", "sessions", ["owner", "round"])
    op.create_index("sessions_request", "sessions", ["owner", "request"], unique=True)
    op.create_index("sessions_expires", "sessions", ["status", "expires"])
    op.create_table(
        "selfies",
        sa.Column("session", sa.String(32), sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("session", sa.String(32), sa.ForeignKey("sessions.id"), nullable=False, index=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False, index=True),
    )


def downgrade() -> None:
    for name in ("deliveries", "selfies", "sessions"):
        op.drop_table(name)
    op.drop_column("attempts", "round")
