"""Meetings as the duties service records them."""

from datetime import date
from typing import Any

from shared.events import duties
from shared.events.base import Correction, Event
from shared.kernel.ids import derived_id
from tests.unit.notifications.world import BRANCH, BRANCH_PATH


def meeting(
    on: str, name: str = "meeting", *, kind: str = "committee", revision: int = 1, gone: bool = False, **changed: Any
) -> tuple[Event, dict[str, Any]]:
    """A meeting held, corrected if the revision is not the first, or withdrawn."""
    fields = {
        "meeting_id": derived_id(name),
        "branch_id": BRANCH,
        "kind": kind,
        "expected": 5,
        "attended": 4,
        "excused": 1,
        "quorate": True,
        "occurred_on": date.fromisoformat(on),
        **changed,
    }
    envelope = {"subject": fields["meeting_id"], "path": BRANCH_PATH, "revision": revision}
    if revision == 1:
        return duties.MeetingHeld.model_validate(fields), envelope
    before = Correction(type=duties.MeetingHeld.TYPE, revision=revision - 1, day=fields["occurred_on"])
    again = duties.MeetingWithdrawn if gone else duties.MeetingCorrected
    return again.model_validate({**fields, "corrects": (before,)}), envelope
