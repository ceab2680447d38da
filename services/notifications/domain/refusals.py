"""What this service refuses, in the words people read."""

from shared.kernel.errors import Conflict, Invalid, NotFound


class UnknownObligation(NotFound):
    """No obligation of this id within the reader's reach."""

    code = "obligation.not_found"
    detail = "没有找到该应办事项，请核对编号或确认它在您的管理范围内"


class AlreadyWaived(Conflict):
    """A person decided so before, otherwise."""

    code = "obligation.already_waived"
    detail = "该应办事项已由他人决定免办，无需重复操作"


class NothingToWaive(Conflict):
    """What is done, excused, handed over or history needs no decision."""

    code = "obligation.nothing_to_waive"
    detail = "该应办事项已办结、已免办、已转办或属于补录，无需再作免办决定"


class UnknownState(Invalid):
    """A filter by a state there is not."""

    code = "obligation.state_unknown"
    detail = "没有这种状态，请从 {known} 中选择"
    field = "state"
