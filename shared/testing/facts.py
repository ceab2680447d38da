"""Builders of facts as another service would have recorded them."""

from datetime import datetime

from shared.events.base import Event, Fact
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import wall_now
from shared.kernel.ids import EventId, derived_id


def a_fact(
    event: Event,
    *,
    subject: str = "subject",
    revision: int = 1,
    path: str = "county/township",
    recorded_at: datetime | None = None,
    source: str = "test",
) -> Fact[Event]:
    """The event with an envelope; the same arguments give the same id."""
    return Fact(
        id=EventId(derived_id(source, subject, revision, event.TYPE)),
        source=source,
        subject=subject,
        revision=revision,
        recorded_at=recorded_at or wall_now(),
        path=OrganisationPath.parse(path),
        event=event,
    )
