"""What this service refuses, in the words people read."""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownObligation(NotFound):
    """No obligation of this id within the reader's reach."""

    code = "obligation.not_found"
    detail = "没有找到该应办事项，请核对编号或确认它在您的管理范围内"


class OwnDecision(Forbidden):
    """Nobody decides that he himself need not do something."""

    code = "obligation.own_decision"
    detail = "不能为本人的应办事项决定免办，请由党委书记或另一位组织委员决定"


class AlreadyWaived(Conflict):
    """A person decided so before, otherwise."""

    code = "obligation.already_waived"
    detail = "该应办事项已于 {decided_on} 决定免办，以原决定为准，请刷新后查看"


class NothingToWaive(Conflict):
    """What is done, excused, handed over or history needs no decision."""

    code = "obligation.nothing_to_waive"
    detail = "该应办事项已办结、已免办、已转办或属于补录，无需再作免办决定，请刷新后查看当前状态"


class UnknownState(Invalid):
    """A filter by a state there is not."""

    code = "obligation.state_unknown"
    detail = "没有这种状态，请从 {known} 中选择"
    field = "state"
