"""Webhooks that wait in the database until they are delivered or given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update

from core.settings import WebhookSettings
from core.store.session_record import Delivery, Hook
from core.store.session_table import deliveries, sessions, to_delivery
from core.store.table import utc_naive


class DeliveryStore:
    """What is due, and what became of it. Raises SQLAlchemyError when the database is away.

    The tables are `SessionStore`'s, which makes them.
    """

    def __init__(self, engine: Engine, settings: WebhookSettings, now: Callable[[], datetime]) -> None:
        """now: the present moment, with a time zone."""
        self._engine = engine
        self._settings = settings
        self._now = now

    def claim(self) -> Delivery | None:
        """The next one that is due. No other process gets it for a while, so it must be settled before that is over."""
        now = self._now()
        wanted = select(deliveries).where(deliveries.c.due <= utc_naive(now)).order_by(deliveries.c.due).limit(1)
        with self._engine.begin() as connection:
            row = connection.execute(wanted).mappings().first()
            if row is None:
                return None
            lease = utc_naive(now + timedelta(seconds=self._settings.lease_s))
            taken = connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row["id"], deliveries.c.due == row["due"])
                .values(due=lease, tries=deliveries.c.tries + 1)
            )
            return to_delivery(row) if taken.rowcount else None

    def delivered(self, delivery: Delivery) -> None:
        """It was accepted."""
        self._finish(delivery, Hook.DELIVERED)

    def postpone(self, delivery: Delivery) -> bool:
        """It was not accepted: try again later; False when it has been tried for long enough and is given up."""
        waits = self._settings.waits_s
        due = self._now() + timedelta(seconds=waits[min(delivery.tries, len(waits) - 1)])
        if due - delivery.created > timedelta(seconds=self._settings.give_up_s):
            self._finish(delivery, Hook.GIVEN_UP)
            return False
        with self._engine.begin() as connection:
            later = update(deliveries).where(deliveries.c.id == delivery.id).values(due=utc_naive(due))
            connection.execute(later)
        return True

    def _finish(self, delivery: Delivery, hook: Hook) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(deliveries).where(deliveries.c.id == delivery.id))
            connection.execute(update(sessions).where(sessions.c.id == delivery.session).values(hook=hook.value))
