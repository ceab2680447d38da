"""What the routes of deeds, review marks and objections take besides their forms."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from services.scoring.api.parameters import given
from services.scoring.domain.refusals import PeriodUnclear
from services.scoring.use_cases.record_ports import OTHERS, OWN, RecordPorts
from shared.events.base import YEARS
from shared.kernel.calendar import Period


def a_rank(part: str) -> str:
    """A kind of key part: the rank of a list. Raises ValueError."""
    if part not in {OWN, OTHERS}:
        raise ValueError(part)
    return part


def a_year(part: str) -> int:
    """A kind of key part: a year facts may speak of. Raises ValueError."""
    if not part.isascii() or int(part) not in YEARS:
        raise ValueError(part)
    return int(part)


async def _records(request: Request) -> RecordPorts:
    records: RecordPorts = await given(request.app.state.records)
    return records


async def _period(
    period: Annotated[
        str | None, Query(max_length=20, description="办理日期所在时段：2023、2023-Q4、2023-10 或 2023-W40")
    ] = None,
) -> Period | None:
    if period is None:
        return None
    try:
        return Period.parse(period)
    except ValueError:
        raise PeriodUnclear(period=period) from None


RecordsOf = Annotated[RecordPorts, Depends(_records)]
DonePeriod = Annotated[Period | None, Depends(_period)]
Year = Annotated[int, Path(ge=YEARS.start, lt=YEARS.stop, description="年度，如 2023")]
YearAsked = Annotated[int | None, Query(ge=YEARS.start, lt=YEARS.stop, description="只看该年度")]
