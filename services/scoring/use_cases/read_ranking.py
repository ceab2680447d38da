"""Read a ranking of branches, where somebody turned rankings on; or the permit itself."""

from dataclasses import dataclass

from services.scoring.domain.decision_refusals import OrganisationUnknown, PermitUnknown, RankingsOff
from services.scoring.domain.periods import asked_period
from services.scoring.domain.ranking import RankingPermit, permit_id, ranking, require_ranked
from services.scoring.domain.refusals import ScopeTooLarge
from services.scoring.domain.subject import Organisation, Subject
from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.directory_ports import Listing
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_score import list_subjects
from services.scoring.use_cases.reckon_scores import SubjectScore, reckon_scores
from shared.events.members import Category
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import Forbidden

MOST_RANKED = 500
"""A list with places is given whole: a place says nothing without what stands before it."""
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ReadRanking:
    """Which standard and period of which organisation; of one category alone where one is named."""

    by: Caller
    standard: Standard
    organisation_id: str
    period: str | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class RankedSubject:
    """A subject with its score and, unless that is awaited, its place."""

    found: SubjectScore
    place: int | None


@dataclass(frozen=True, slots=True)
class ScopeRanking:
    """The list with what it is of, and the permit it stands on."""

    standard: Standard
    period: str
    organisation_id: str
    category: Category | None
    permit: RankingPermit
    ranked: tuple[RankedSubject, ...]


async def read_ranking(query: ReadRanking, decisions: DecisionPorts, ports: Ports) -> ScopeRanking:
    """The branches of an organisation by their points, on the nearest permit at it or above it.

    Raises NeverRanked, OrganisationUnknown, Forbidden, RankingsOff, ScopeTooLarge, and the period's faults.
    """
    require_ranked(query.standard)
    organisation = await _readable(query.by, query.standard, query.organisation_id, ports)
    permit = await _permit(query.standard, organisation, decisions)
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    scopes, subjects, after = frozenset({organisation.id}), list[Subject](), None
    while True:
        listing = Listing(asked.parts[-1][1].applies_to, scopes, asked.period, _AT_ONCE, after)
        page = await list_subjects(query.standard, ports.directory, listing)
        subjects += [each for each in page if query.category in {None, each.category}]
        if len(subjects) > MOST_RANKED:
            raise ScopeTooLarge(most=MOST_RANKED)
        if len(page) < _AT_ONCE:
            break
        after = page[-1].id
    found = {each.subject.id: each for each in await reckon_scores(subjects, asked, ports)}
    placed = ranking(each.score for each in found.values())
    return ScopeRanking(
        query.standard,
        asked.period.name,
        organisation.id,
        query.category,
        permit,
        tuple(RankedSubject(found[each.score.key.subject_id], each.place) for each in placed),
    )


async def read_ranking_permit(
    standard: Standard, organisation_id: str, by: Caller, decisions: DecisionPorts, ports: Ports
) -> RankingPermit:
    """The permit of an organisation, on or off. Raises NeverRanked, OrganisationUnknown, Forbidden, PermitUnknown."""
    require_ranked(standard)
    organisation = await _readable(by, standard, organisation_id, ports)
    permit = await decisions.permits.find(permit_id(standard, organisation.id))
    if permit is None:
        raise PermitUnknown
    return permit


async def _readable(by: Caller, standard: Standard, organisation_id: str, ports: Ports) -> Organisation:
    organisation = await ports.directory.organisation(organisation_id)
    if organisation is None or not by.may(BUSINESS, organisation.path):
        raise OrganisationUnknown
    if not by.may(READERS[standard], organisation.path):
        raise Forbidden
    return organisation


async def _permit(standard: Standard, organisation: Organisation, decisions: DecisionPorts) -> RankingPermit:
    for organisation_id in reversed(organisation.path.segments):
        permit = await decisions.permits.find(permit_id(standard, organisation_id))
        if permit is not None and permit.state == "on":
            return permit
    raise RankingsOff
