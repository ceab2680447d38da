"""What this service remembers of members' facts, over any store of projections.

Nothing of it is kept in memory: a meeting is entered a few times a month, so reading it each time costs nothing, and
every process goes by what was learnt at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.duties.domain.branch import Branch, BranchStructure
from services.duties.domain.roll import Exemption, Membership, Roll
from services.duties.domain.township import HistorySpan, Township
from shared.events.members import OrganisationKind
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, ExemptionId, MemberId, OrganisationId, TownshipId
from shared.mongo.projections import Projection


@dataclass(frozen=True, slots=True)
class ProjectedDirectory:
    """The Directory port over six projections; days are kept as ISO text."""

    organisations: Projection
    structures: Projection
    go_lives: Projection
    spans: Projection
    memberships: Projection
    exemptions: Projection

    async def branch(self, branch_id: BranchId) -> Branch | None:
        """The branch; None while it is unknown, and for what is no branch."""
        found = await self.organisations.find(branch_id)
        if found is None or found["kind"] != "branch":
            return None
        return Branch(
            _path(found),
            tuple(
                BranchStructure(
                    each["revision"], date.fromisoformat(each["since_on"]), each["has_committee"], each["has_groups"]
                )
                for each in await self.structures.list({"organisation_id": branch_id})
            ),
        )

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where a branch or general branch hangs; None while it is unknown, and for a county or a township."""
        found = await self.organisations.find(organisation_id)
        return None if found is None or found["kind"] not in {"branch", "general_branch"} else _path(found)

    async def township(self, township_id: TownshipId) -> Township:
        """The times of a township; without a go-live day while none is known."""
        went_live = await self.go_lives.find(township_id)
        spans = await self.spans.list({"township_id": township_id})
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
        organisation_id: OrganisationId,
        path: OrganisationPath,
        structure: BranchStructure,
        *,
        kind: OrganisationKind,
    ) -> OrganisationPath:
        """Remember an organisation; returns where it hangs, for an older revision changes nothing of that.

        Its structure is remembered first and each for itself: a branch that is known has one, and an older one says
        what was so before.
        """
        document = {
            "organisation_id": organisation_id,
            "since_on": structure.since_on.isoformat(),
            "has_committee": structure.has_committee,
            "has_groups": structure.has_groups,
        }
        await self.structures.put(f"{organisation_id}:{structure.revision}", structure.revision, document)
        organisation = {"path": list(path.segments), "kind": kind}
        await self.organisations.put(organisation_id, structure.revision, organisation)
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
