"""What the service refuses about leave and exemptions, each with the sentence that tells the person what to do."""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class OwnAbsence(Forbidden):
    """Nobody grants, changes or withdraws what he himself is let off by; raised with the field that names him."""

    code = "absence.own"
    detail = "请假和免于考勤不能由本人办理，请由组织委员或党委书记中的另一人办理"


class LastDayBeforeFirst(Invalid):
    """It lasts one day at least."""

    code = "absence.backwards"
    detail = "结束日期不能早于开始日期 {starts_on}，请核对"
    field = "ends_on"


class UnknownLeave(NotFound):
    """No such leave, or not for this reader."""

    code = "leave.unknown"
    detail = "没有找到该请假记录，请核对编号"
    field = "leave_id"


class LeaveTooLong(Invalid):
    """Who is away for longer holds the post no longer."""

    code = "leave.too_long"
    detail = "一次请假最多 {most} 天，请核对结束日期；长期离岗的请登记离任"
    field = "ends_on"


class LeaveOverlaps(Conflict):
    """A person is on one leave at a time."""

    code = "leave.overlaps"
    detail = "该同志 {starts_on} 至 {ends_on} 已有请假（编号 {leave_id}），时间重叠，请核对日期，或改为更改原请假的日期"
    field = "starts_on"


class LeaveIsWithdrawn(Conflict):
    """A withdrawn leave stays withdrawn."""

    code = "leave.withdrawn"
    detail = "该请假已撤回，不能再更改；确需请假的请重新登记"
    field = "leave_id"


class NotPostedDuringLeave(Invalid):
    """Leave is of a post: the organisation that grants it, or one below, has the person posted on some day of it."""

    code = "leave.not_posted"
    detail = "该同志 {starts_on} 至 {ends_on} 在该党组织及其下级没有任职，请核对干部、党组织和日期，或先登记任职"
    field = "cadre_id"


class UnknownExemption(NotFound):
    """No such exemption, or not for this reader."""

    code = "exemption.unknown"
    detail = "没有找到该免于考勤记录，请核对编号"
    field = "exemption_id"


class ExemptionOverlaps(Conflict):
    """A member is exempt once on a day."""

    code = "exemption.overlaps"
    detail = "该党员自 {starts_on} 起已免于考勤（编号 {exemption_id}），时间重叠，请核对日期，或先更改原记录的结束日期"
    field = "starts_on"


class ExemptionIsWithdrawn(Conflict):
    """A withdrawn exemption stays withdrawn."""

    code = "exemption.withdrawn"
    detail = "该免于考勤记录已撤回，不能再更改；确需免于考勤的请重新登记"
    field = "exemption_id"


class ExemptBeforeJoining(Invalid):
    """Who belongs to no branch yet need not attend anyway."""

    code = "exemption.before_joining"
    detail = "开始日期不能早于编入支部的日期 {joined_on}，请核对"
    field = "starts_on"


class ExemptAfterLeaving(Invalid):
    """Who is no member any more need not attend anyway."""

    code = "exemption.after_leaving"
    detail = "该同志的党员身份已于 {ended_on} 终止，开始日期不能晚于该日，请核对党员编号和日期"
    field = "starts_on"
