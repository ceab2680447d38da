"""Read the board of a scope: how its scores are spread, what is awaited, which rules take points off."""

from dataclasses import dataclass

from services.scoring.domain.board import Board, Standing, board
from services.scoring.domain.periods import asked_period
from services.scoring.domain.refusals import ScopeTooLarge, SubjectUnknown
from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.directory_ports import Listing
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_score import list_subjects
from services.scoring.use_cases.reckon_scores import reckon_scores
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import Forbidden

_AT_ONCE = 200
MOST_SUBJECTS = 5_000
"""What one request may reckon; a county looks at its townships one by one."""


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Which standard and period of which organisation; without one, all the caller oversees."""

    by: Caller
    standard: Standard
    period: str | None = None
    organisation_id: str | None = None


@dataclass(frozen=True, slots=True)
class ScopeBoard:
    """The board with what it is of."""

    standard: Standard
    period: str
    organisation_id: str | None
    board: Board


async def read_board(query: ReadBoard, ports: Ports) -> ScopeBoard:
    """The board of the subjects in scope. Raises Forbidden, SubjectUnknown, ScopeTooLarge, and the period's faults."""
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    scopes = await _scopes(query, ports)
    standings: list[Standing] = []
    after: str | None = None
    while True:
        listing = Listing(asked.parts[-1][1].applies_to, scopes, asked.period, _AT_ONCE, after)
        subjects = await list_subjects(query.standard, ports.directory, listing)
        found = await reckon_scores(subjects, asked, ports)
        standings += [Standing(each.score, each.subject.category) for each in found]
        if len(standings) > MOST_SUBJECTS:
            raise ScopeTooLarge(most=MOST_SUBJECTS)
        if len(subjects) < _AT_ONCE:
            return ScopeBoard(query.standard, asked.period.name, query.organisation_id, board(standings))
        after = subjects[-1].id


async def _scopes(query: ReadBoard, ports: Ports) -> frozenset[str]:
    own = query.by.scopes(READERS[query.standard])
    if query.organisation_id is None:
        if not own:
            raise Forbidden
        return own
    organisation = await ports.directory.organisation(query.organisation_id)
    if organisation is None or not query.by.may(BUSINESS, organisation.path):
        raise SubjectUnknown
    if not query.by.may(READERS[query.standard], organisation.path):
        raise Forbidden
    return frozenset({organisation.id})
