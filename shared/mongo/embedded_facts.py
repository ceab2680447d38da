"""A fact as the subdocument that waits inside its aggregate until the relay has published it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.events.base import Event, Fact
from shared.events.catalogue import CATALOGUE
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import EventId


def embed(fact: Fact[Event]) -> dict[str, Any]:
    """The fact's envelope and payload.

    `recorded_at` orders the outbox; `time` is the same instant exactly, because a BSON date has milliseconds only and a
    fact must not seem to have happened after it was recorded.
    """
    return {
        "id": fact.id,
        "type": fact.type,
        "source": fact.source,
        "subject": fact.subject,
        "revision": fact.revision,
        "recorded_at": fact.recorded_at,
        "time": fact.recorded_at.isoformat(),
        "path": str(fact.path),
        "key": fact.key,
        "traceparent": fact.traceparent,
        "payload": fact.event.model_dump(mode="json", exclude_none=True),
    }


def restore(entry: Mapping[str, Any]) -> Fact[Event]:
    """The fact that was embedded.

    Raises KeyError or ValueError when this program does not know its type or cannot read its payload.
    """
    return Fact(
        id=EventId(entry["id"]),
        source=entry["source"],
        subject=entry["subject"],
        revision=entry["revision"],
        recorded_at=datetime.fromisoformat(entry["time"]),
        path=OrganisationPath.parse(entry["path"]),
        event=CATALOGUE[entry["type"]].event.model_validate(entry["payload"]),
        traceparent=entry["traceparent"],
    )
