"""Turn rankings on for an organisation and all below it, on a recorded basis (排名依据)."""

from dataclasses import dataclass

from services.scoring.domain.decision_refusals import OrganisationUnknown, PermitStands
from services.scoring.domain.ranking import RankingPermit, permit_id, require_ranked
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from services.scoring.use_cases.ports import Ports
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import AlreadyThere, Forbidden, Stale

GRANTERS = (Role.SECRETARY, Role.COUNTY_ORGANISER)
"""Who answers for a ranking: the secretary in his township, the county organisation department in its county."""


@dataclass(frozen=True, slots=True)
class PermitRanking:
    """Where rankings are turned on, and on what basis; the first time nothing was seen yet."""

    by: Caller
    standard: Standard
    organisation_id: str
    basis: str
    seen_revision: int | None = None


async def permit_ranking(command: PermitRanking, decisions: DecisionPorts, ports: Ports) -> RankingPermit:
    """Store the permit; saying again what stands changes nothing.

    Raises NeverRanked, OrganisationUnknown, Forbidden, PermitStands without a revision seen, Stale.
    """
    try:
        return await _permit(command, decisions, ports)
    except (AlreadyThere, Stale):  # perhaps by an earlier try of this very request
        return await _permit(command, decisions, ports)


async def _permit(command: PermitRanking, decisions: DecisionPorts, ports: Ports) -> RankingPermit:
    require_ranked(command.standard)
    organisation = await ports.directory.organisation(command.organisation_id)
    if organisation is None or not command.by.may(BUSINESS, organisation.path):
        raise OrganisationUnknown
    if not command.by.may(GRANTERS, organisation.path):
        raise Forbidden
    now = ports.clock.now()
    standing = await decisions.permits.find(permit_id(command.standard, organisation.id))
    if standing is None:
        if command.seen_revision is not None:
            raise Stale
        permit = RankingPermit.grant(command.standard, organisation, basis=command.basis, by=command.by, at=now)
    else:
        if standing.says(command.basis):
            return standing
        if command.seen_revision is None:
            raise PermitStands
        if command.seen_revision != standing.revision:
            raise Stale
        permit = standing.grant_again(basis=command.basis, by=command.by, at=now)
    await decisions.permits.save(permit)
    await follow_if_moved(permit.path, decisions.permits, ports.directory)
    return permit
