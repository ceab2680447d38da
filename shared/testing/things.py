"""A thing that can be saved, for tests of what saves things."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from shared.events.visits import VisitLogged
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import new_id
from shared.mongo.documents import storable

A_BRANCH = OrganisationPath.parse("county/township/branch")


@dataclass(frozen=True, slots=True)
class Thing:
    """An aggregate with nothing to it."""

    id: str = field(default_factory=new_id)
    revision: int = 1
    path: OrganisationPath = A_BRANCH
    title: str = "一件事"
    due_on: date | None = None

    def changed(self, **fields: Any) -> Self:
        """The next revision."""
        return replace(self, revision=self.revision + 1, **fields)

    def to_document(self) -> dict[str, Any]:
        """The fields a store keeps besides id, revision and path."""
        return {"title": self.title, "due_on": storable(self.due_on)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The thing a document was made from."""
        due_on = document["due_on"]
        return cls(
            id=document["_id"],
            revision=document["revision"],
            path=OrganisationPath(tuple(document["path"])),
            title=document["title"],
            due_on=None if due_on is None else date.fromisoformat(due_on),
        )


def a_happening(branch_id: str = "branch", *, household_ref: str | None = None) -> VisitLogged:
    """An event of the catalogue, with an id of its own."""
    return VisitLogged(
        visit_id=new_id(),
        cadre_id="cadre",
        branch_id=branch_id,
        occurred_at=datetime(2023, 11, 20, 1, 30, tzinfo=UTC),
        household_ref=household_ref,
    )
