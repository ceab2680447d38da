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


class NotPostedThen(Invalid):
    """The cadre held no post in or above the township on that day; raised with the field that gave the day."""

    code = "cadre.not_posted_then"
    detail = "该干部 {day} 在本乡镇没有任职，请核对日期和干部；任职未登记的请先联系组织委员登记"


class NotLiveYet(Invalid):
    """The township was not working live then, and declared no history span; raised with the field of the day."""

    code = "township.not_live"
    detail = "{day} 本乡镇尚未启用，也不在补录时段内，不能登记；如需补录请先由组织委员申报补录时段"


class HistoryClosed(Invalid):
    """The history span of that day is closed and judged for good; raised with the field of the day."""

    code = "history_span.closed"
    detail = (
        "{day} 所在的补录时段已结束并结算，不能再登记、更正、核实或撤回；请核对日期，确有差错的请书面报组织委员留存备查"
    )


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


class ProblemOnUnknownVisit(Invalid):
    """The visit has not been uploaded, or is another cadre's or another branch's: phones send visits first."""

    code = "problem.visit_unknown"
    detail = "尚未收到该干部在该支部的这次走访，请先上传走访记录，再登记问题；编号有误的请核对"
    field = "visit_id"


class ProblemOnWithdrawnVisit(Invalid):
    """What did not happen gives rise to nothing."""

    code = "problem.visit_withdrawn"
    detail = "所选走访记录已撤回，不能在其上登记问题；请改选其他走访，或不关联走访后重新提交"
    field = "visit_id"


class UnknownMember(Invalid):
    """Who is named as helping has not reached this service (yet), or is no member of this township."""

    code = "member.unknown"
    detail = "尚未收到党员（编号 {member_id}）在本乡镇的登记信息，请核对编号，或稍后重试"
    field = "helper_ids"


class NotMemberThen(Invalid):
    """Who is named as helping was no member on the day it was solved."""

    code = "member.not_enrolled_then"
    detail = "党员（编号 {member_id}）{day} 不在本乡镇党员名册，请核对帮办党员和办结日期"
    field = "helper_ids"


class ResolverHelps(Invalid):
    """Who solves a problem does not help himself."""

    code = "problem.resolver_may_not_help"
    detail = "负责办理的干部本人不登记为帮办党员，请从帮办党员中删除后重新提交"
    field = "helper_ids"


class HelperNamedTwice(Invalid):
    """A helper is named once."""

    code = "problem.helper_named_twice"
    detail = "帮办党员重复填写，请删除重复的编号后重新提交"
    field = "helper_ids"


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
    detail = "该问题已回访核实，无需重复核实；如核实有误，请先撤回办结，重新办理后再回访核实"


class ProblemOfAnother(Forbidden):
    """Only who is responsible, or the organiser for him, resolves a problem."""

    code = "problem.of_another"
    detail = "只能办理由您负责的问题；如需改派请联系组织委员"


class ProblemIsEscalated(Forbidden):
    """The citizen said no twice: what happens next is the desk's to decide."""

    code = "problem.escalated"
    detail = "群众两次答复不属实，该问题已提交组织委员处理；请联系组织委员或党委书记改派，或由其登记办结"


class ResolverMayNotConfirm(Forbidden):
    """Who resolves, enters the resolution or helped does not verify it: all of them may earn by it."""

    code = "problem.resolver_may_not_confirm"
    detail = "办结人、录入人和帮办党员不能核实该办结，请由未参与办理的党支部书记、组织委员或党委书记回访核实"


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
