"""How an aggregate's events become facts; ids are derived, so recording a revision twice is recording it once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.events.base import Event, Fact
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.kernel.ids import EventId, derived_id


def no_trace() -> str | None:
    """The traceparent of a place that traces nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Stamps what a service records: its source name, its business clock, the trace of the request at hand."""

    source: str
    clock: Clock
    traceparent: Callable[[], str | None] = no_trace

    def facts(
        self, *, subject: str, revision: int, path: OrganisationPath, events: Sequence[Event]
    ) -> tuple[Fact[Event], ...]:
        """The events of one revision of one aggregate, in order, with their envelopes.

        An event id is derived from (source, event type, subject, revision, position): clients make ids, so a posting
        and a member may bear the same one, and two facts never may.
        """
        now = self.clock.now()
        trace = self.traceparent()
        return tuple(
            Fact(
                id=EventId(derived_id(self.source, event.TYPE, subject, revision, position)),
                source=self.source,
                subject=subject,
                revision=revision,
                recorded_at=now,
                path=path,
                event=event,
                traceparent=trace,
            )
            for position, event in enumerate(events)
        )
