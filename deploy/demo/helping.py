"""Members who helped to solve a problem (帮办): now and then one of the branch where it was raised."""

from functools import cache

from deploy.demo.chance import one_of, share
from deploy.demo.townships import branches, members_of

_HELPED = 0.15


def helpers(branch_id: str, problem_id: str) -> list[str]:
    """Whom the resolution of a problem names: mostly nobody."""
    if share("helped", problem_id) >= _HELPED:
        return []
    candidates = _candidates().get(branch_id, ())
    return [one_of(candidates, "helper", problem_id)] if candidates else []


@cache
def _candidates() -> dict[str, tuple[str, ...]]:
    """By branch: its members but the secretary, who asks the citizen, and the last, whose membership may have ended."""
    return {branch.id: tuple(member.id for member in members_of(branch))[1:-1] for branch in branches()}
