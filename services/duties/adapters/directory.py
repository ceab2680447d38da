"""What this service remembers of members' facts, over any store of projections.

Nothing of it is kept in memory: a meeting is entered a few times a month, so reading it each time costs nothing, and
every process goes by what was learnt at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.duties.domain.branch import Branch
from services.duties.domain.roll import Exemption, Membership, Roll
from services.duties.domain.township import HistorySpan, Township
from shared.events.members import OrganisationKind
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, ExemptionId, MemberId, OrganisationId
from shared.mongo.projections import Projection


@dataclass(frozen=True, slots=True)
class ProjectedDirectory:
    """The Directory port over five projections; days are kept as ISO text."""

    organisations: Projection
    go_lives: Projection
    spans: Projection
    memberships: Projection
    exemptions: Projection

    async def branch(self, branch_id: BranchId) -> Branch | None:
        """The branch; None while it is unknown, and for what is no branch."""
        found = await self.organisations.find(branch_id)
        if found is None or found["kind"] != "branch":
            return None
        return Branch(_path(found), has_committee=found["has_committee"], has_groups=found["has_groups"])

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where a branch or general branch hangs; None while it is unknown, and for a county or a township."""
        found = await self.organisations.find(organisation_id)
        return None if found is None or found["kind"] not in {"branch", "general_branch"} else _path(found)

    async def township(self, path: OrganisationPath) -> Township:
        """The times of the township the path lies in; without a go-live day while none is known."""
        went_live = await self.go_lives.find(path.township_id)
        spans = await self.spans.list({"township_id": path.township_id})
        return Township(
            None if went_live is None else date.fromisoformat(went_live["go_live_on"]),
            tuple(
                HistorySpan(date.fromisoformat(span["from_on"]), date.fromisoformat(span["to_on"]), span["closed"])
                for span in spans
            ),
        )

    async def roll(self, branch_id: BranchId, on: date) -> Roll:
        """Who belonged to the branch on the day, and who of them was exempt."""
        memberships = await self.memberships.list({"branch_id": branch_id})
        exemptions = await self.exemptions.list({"branch_id": branch_id})
        return Roll.on(
            on,
            (
                Membership(
                    MemberId(each["member_id"]),
                    each["revision"],
                    date.fromisoformat(each["since_on"]),
                    each["standing"],
                )
                for each in memberships
            ),
            (
                Exemption(MemberId(each["member_id"]), date.fromisoformat(each["starts_on"]), _day(each["ends_on"]))
                for each in exemptions
                if not each["withdrawn"]
            ),
        )

    async def learn_organisation(
        self,
        organisation_id: str,
        revision: int,
        path: OrganisationPath,
        *,
        kind: OrganisationKind,
        has_committee: bool,
        has_groups: bool,
    ) -> OrganisationPath:
        """Remember an organisation; returns where it hangs, for an older revision changes nothing."""
        organisation = {
            "path": list(path.segments),
            "kind": kind,
            "has_committee": has_committee,
            "has_groups": has_groups,
        }
        await self.organisations.put(organisation_id, revision, organisation)
        found = await self.organisations.find(organisation_id)
        return path if found is None else _path(found)

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        await self.go_lives.put(township_id, revision, {"go_live_on": go_live_on.isoformat()})

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        span = {
            "township_id": township_id,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
            "closed": closed,
        }
        await self.spans.put(span_id, revision, span)

    async def learn_membership(self, branch_id: BranchId, membership: Membership) -> None:
        """Remember what a revision of a member says: each for itself, as an older one says what was so before."""
        document = {
            "member_id": membership.member_id,
            "branch_id": branch_id,
            "since_on": membership.since_on.isoformat(),
            "standing": membership.standing,
        }
        await self.memberships.put(f"{membership.member_id}:{membership.revision}", membership.revision, document)

    async def learn_exemption(
        self,
        exemption_id: ExemptionId,
        revision: int,
        branch_id: BranchId,
        exemption: Exemption,
        *,
        withdrawn: bool,
    ) -> None:
        """Remember an exemption as it stands now; an older revision changes nothing."""
        document = {
            "member_id": exemption.member_id,
            "branch_id": branch_id,
            "starts_on": exemption.starts_on.isoformat(),
            "ends_on": None if exemption.ends_on is None else exemption.ends_on.isoformat(),
            "withdrawn": withdrawn,
        }
        await self.exemptions.put(exemption_id, revision, document)


def _path(found: Mapping[str, Any]) -> OrganisationPath:
    return OrganisationPath(tuple(found["path"]))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
