"""Require that who is named as helping could have helped."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.visits.domain.membership import Membership
from services.visits.domain.problem import Problem
from services.visits.domain.refusals import UnknownMember
from services.visits.use_cases.ports import Ports
from shared.kernel.ids import MemberId


async def require_helpers(
    ports: Ports, helper_ids: Iterable[MemberId], problem: Problem, *, on: date
) -> Sequence[Membership]:
    """Those who helped; refuse whom this service does not know as a member of the township that day, and the cadre.

    Raises UnknownMember, NotMemberThen, ResolverHelps.
    """
    helpers = []
    for member_id in helper_ids:
        membership = await ports.directory.membership(member_id)
        if membership is None:
            raise UnknownMember(member_id=member_id)
        membership.refuse_as_helper(cadre_id=problem.cadre_id, path=problem.path, on=on)
        helpers.append(membership)
    return helpers
