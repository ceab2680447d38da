"""An organisation: a place in the tree county ▸ township ▸ general branch ▸ branch (规范支部管理)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.refusals import (
    CategoryMissing,
    CategoryOutOfPlace,
    LeavesCounty,
    MisplacedOrganisation,
    ParentMissing,
)
from shared.events.members import Category, OrganisationChanged, OrganisationKind, OrganisationRegistered
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import OrganisationId
from shared.kernel.trail import TrailEntry

_MAY_HANG_UNDER: dict[OrganisationKind, frozenset[OrganisationKind | None]] = {
    "county": frozenset({None}),
    "township": frozenset({"county"}),
    "general_branch": frozenset({"township"}),
    "branch": frozenset({"township", "general_branch"}),
}
_WITHOUT_CODE = "~"
"""Sorts after every digit and letter: what has no code comes last."""


@dataclass(frozen=True, slots=True)
class Features:
    """What may change about an organisation besides its place."""

    title: str
    category: Category | None = None
    has_committee: bool = False
    has_groups: bool = False
    external_code: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A county committee, township committee, general branch or branch.

    `path` ends with the organisation itself. `category` (村 / 机关 / 非公) decides which rules a branch is judged by,
    `has_committee` and `has_groups` which meetings it owes. `external_code` is the county's own code for it.
    """

    id: OrganisationId
    kind: OrganisationKind
    path: OrganisationPath
    features: Features
    registered_on: date
    made_from: str
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def parent_id(self) -> OrganisationId | None:
        """The organisation above."""
        return OrganisationId(self.path.segments[-2]) if len(self.path.segments) > 1 else None

    @property
    def county_id(self) -> OrganisationId:
        """The county it belongs to."""
        return OrganisationId(self.path.segments[0])

    @property
    def order(self) -> str:
        """Where it stands in lists: by code, then by title."""
        return f"{self.features.external_code or _WITHOUT_CODE} {self.features.title}"

    @classmethod
    def register(
        cls,
        *,
        id_: OrganisationId,
        kind: OrganisationKind,
        parent: "Organisation | None",
        features: Features,
        on: date,
        made_from: str,
    ) -> tuple[Self, OrganisationRegistered]:
        """Put an organisation into the tree.

        Raises ParentMissing, MisplacedOrganisation, CategoryMissing, CategoryOutOfPlace.
        """
        _check(kind, parent, features)
        path = OrganisationPath((id_,)) if parent is None else parent.path / id_
        organisation = cls(id_, kind, path, features, on, made_from)
        return organisation, OrganisationRegistered(**_said(organisation, on))

    def change(
        self, *, features: Features, parent: "Organisation | None", on: date
    ) -> tuple[Self, OrganisationChanged]:
        """Rename, restructure or move it.

        Raises ParentMissing, MisplacedOrganisation, CategoryMissing, CategoryOutOfPlace, LeavesCounty.
        """
        _check(self.kind, parent, features)
        if parent is not None and parent.county_id != self.county_id:
            raise LeavesCounty
        path = self.path if parent is None else parent.path / self.id
        changed = replace(self, features=features, path=path, revision=self.revision + 1)
        return changed, OrganisationChanged(**_said(changed, on))

    def follow(self, above: "Organisation", was: OrganisationPath, on: date) -> tuple[Self, OrganisationChanged]:
        """Move along with an organisation above it, which was at `was` before."""
        rest = self.path.segments[len(was.segments) :]
        path = OrganisationPath((*above.path.segments, *rest))
        moved = replace(self, path=path, revision=self.revision + 1)
        return moved, OrganisationChanged(**_said(moved, on))


def _said(organisation: Organisation, on: date) -> dict[str, object]:
    features = organisation.features
    return {
        "organisation_id": organisation.id,
        "kind": organisation.kind,
        "title": features.title,
        "parent_id": organisation.parent_id,
        "category": features.category,
        "has_committee": features.has_committee,
        "has_groups": features.has_groups,
        "external_code": features.external_code,
        "occurred_on": on,
    }


def refuse_without_parent(kind: OrganisationKind, parent_id: OrganisationId | None) -> None:
    """Raises ParentMissing for whatever is no county and hangs under nothing."""
    if parent_id is None and kind != "county":
        raise ParentMissing


def _check(kind: OrganisationKind, parent: Organisation | None, features: Features) -> None:
    refuse_without_parent(kind, None if parent is None else parent.id)
    parent_kind = None if parent is None else parent.kind
    if parent_kind not in _MAY_HANG_UNDER[kind]:
        raise MisplacedOrganisation
    if kind == "branch" and features.category is None:
        raise CategoryMissing
    if kind != "branch" and features.category is not None:
        raise CategoryOutOfPlace
