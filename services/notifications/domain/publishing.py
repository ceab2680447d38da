"""From a line of an obligation's history to the fact that is published."""

from services.notifications.domain.history import Line, Standing
from services.notifications.domain.terms import Terms
from shared.events import notifications as events
from shared.events.base import Correction, Entry, Event
from shared.kernel.ids import ObligationId

CLASSES: dict[str, type[Event]] = {
    "opened": events.ObligationOpened,
    "warned": events.ObligationWarned,
    "overdue": events.ObligationOverdue,
    "satisfied": events.ObligationSatisfied,
    "satisfied_late": events.ObligationSatisfiedLate,
    "missed": events.ObligationMissed,
    "reopened": events.ObligationReopened,
    "waived": events.ObligationWaived,
    "superseded": events.ObligationSuperseded,
}
"""The event class of every word a line may say."""


def event_of(
    obligation_id: ObligationId, terms: Terms, line: Line, *, entry: Entry, corrects: tuple[Correction, ...]
) -> Event:
    """The fact that says what this line says; `corrects` names the earlier facts it takes back.

    Each class takes of the details below what it knows of; events ignore the rest.
    """
    claim = line.standing or Standing("opened")
    return CLASSES[line.what].model_validate(
        {
            "obligation_id": obligation_id,
            "regulation_id": terms.regulation_id,
            "regulation_version": terms.regulation_version,
            "subject_kind": terms.subject_kind,
            "subject_id": terms.subject_id,
            "organisation_id": terms.organisation_id,
            "cadre_id": terms.cadre_id,
            "branch_id": terms.branch_id,
            "period": terms.period,
            "due_on": terms.due_on,
            "occurred_at": line.occurred_at,
            "entry": entry,
            "corrects": corrects,
            "step": line.step,
            "satisfied_by": claim.satisfied_by,
            "after_grace": claim.after_grace,
            "reason": claim.reason,
            "superseded_by": claim.superseded_by,
        }
    )


def correction_of(line: Line, terms: Terms) -> Correction:
    """How a later fact names this one; it counted for the day the obligation was due."""
    return Correction(type=CLASSES[line.what].TYPE, revision=line.revision, day=terms.due_on)
