"""What the visits service refuses, each with the sentence that tells the person what to do."""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownVisit(NotFound):
    """No such visit, or not for this reader."""

    code = "visit.unknown"
    detail = "没有找到该走访记录，请核对编号"


class UnknownProblem(NotFound):
    """No such problem, or not for this reader."""

    code = "problem.unknown"
    detail = "没有找到该民情问题，请核对编号"


class UnknownBranch(Invalid):
    """The branch has not reached this service (yet)."""

    code = "branch.unknown"
    detail = "尚未收到该党支部的登记信息，请核对编号，或稍后重试"
    field = "branch_id"


class UnknownCadre(Invalid):
    """The person holds no post in the township that this service knows of: nobody scores for another township."""

    code = "cadre.unknown"
    detail = "尚未收到该干部在本乡镇的任职信息，请核对编号，或稍后重试"
    field = "cadre_id"


class NotLiveYet(Invalid):
    """The township was not working live then, and declared no history span for it."""

    code = "township.not_live"
    detail = "{day} 本乡镇尚未启用，也不在补录时段内，不能登记；如需补录请先由组织委员申报补录时段"


class HistoryClosed(Invalid):
    """The history span of that day is closed and judged."""

    code = "history_span.closed"
    detail = "{day} 所在的补录时段已结束并结算，不能再登记"


class HappensLater(Invalid):
    """Nobody can log what has not happened."""

    code = "visit.in_the_future"
    detail = "时间不能晚于现在，请核对日期和时间"
    field = "occurred_at"


class VisitOfAnother(Forbidden):
    """Only the cadre, or the organiser for him, logs and changes a visit."""

    code = "visit.of_another"
    detail = "只能登记或修改自己的走访记录；代录请联系组织委员"


class VisitIsWithdrawn(Conflict):
    """A withdrawn visit stays withdrawn."""

    code = "visit.withdrawn"
    detail = "该走访记录已撤回，不能再修改；如撤回有误请重新登记"


class AlreadyResolved(Conflict):
    """Somebody said already that it is solved."""

    code = "problem.already_resolved"
    detail = "该问题已于 {resolved_on} 办结，如需更正请先撤回原办结记录"


class NotResolved(Conflict):
    """There is no resolution to confirm or to take back."""

    code = "problem.not_resolved"
    detail = "该问题尚未办结，请先登记办结情况"


class AlreadyConfirmed(Conflict):
    """A confirmed resolution is not confirmed again."""

    code = "problem.already_confirmed"
    detail = "该问题已回访核实，无需重复核实"


class ProblemOfAnother(Forbidden):
    """Only who is responsible, or the organiser for him, resolves a problem."""

    code = "problem.of_another"
    detail = "只能办理由您负责的问题；如需改派请联系组织委员"


class ResolverMayNotConfirm(Forbidden):
    """Who resolves, or enters the resolution, does not verify it."""

    code = "problem.resolver_may_not_confirm"
    detail = "办结人和录入人不能核实自己的办结，请由党支部书记或组织委员回访核实"


class ResolvedBeforeRaised(Invalid):
    """A problem cannot be solved before it was raised, nor in the future."""

    code = "problem.resolved_out_of_time"
    detail = "办结日期应在 {raised_on} 至今天之间，请核对"
    field = "resolved_on"


class ConfirmedBeforeResolved(Invalid):
    """The citizen is asked after the resolution, not before, and not in the future."""

    code = "problem.confirmed_out_of_time"
    detail = "回访日期应在 {resolved_on} 至今天之间，请核对"
    field = "confirmed_on"
