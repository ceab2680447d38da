"""Point the announcer at the scores that came on notice."""

from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.township_subjects import township_subjects
from shared.kernel.calendar import Period

_AT_ONCE = 20


async def point_at_notices(ports: ClosingPorts) -> int:
    """Have all cards of the subjects on notice looked at again, so that their state is announced (公示).

    Returns how many notices this call pointed at. Stopped in the middle it begins that notice again: looking twice
    announces nothing twice.
    """
    pointed = 0
    for closing in await ports.closings.untold(_AT_ONCE):
        period = Period.parse(closing.period)
        book = ports.scored.generation.book(closing.standard, period)
        async for page in township_subjects(closing.township_id, book, period, ports.scored.directory):
            for subject in page:
                await ports.scored.cards.look_again(subject.standard, subject.id)
        await ports.closings.told(closing.id)
        pointed += 1
    return pointed
