"""What the routes of rankings and signed grades take besides their forms."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.scoring.use_cases.decision_ports import DecisionPorts
from shared.events.scoring import Standard


async def _decisions(request: Request) -> DecisionPorts:
    decisions: DecisionPorts = request.app.state.decisions
    return decisions


DecisionsOf = Annotated[DecisionPorts, Depends(_decisions)]
StandardNamed = Annotated[Standard, Path(description="branch 支部 · cadre 联村干部 · member 党员")]
PeriodNamed = Annotated[str, Path(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）")]
