"""What the service refuses about leave and exemptions, each with the sentence that tells the person what to do."""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class OwnAbsence(Forbidden):
    """Nobody grants, changes or withdraws what he himself is let off by; raised with the field that names him."""

    code = "absence.own"
    detail = "请假和免于考勤不能由本人办理，请由组织委员或党委书记中的另一人办理"


class HistoryClosed(Invalid):
    """Who was let off on days that were judged for good stays as it was; raised with the field that gave the days."""

    code = "history_span.closed"
    detail = (
        "补录时段 {from_on} 至 {to_on} 已结束并结算，不能再登记、更改或撤回其中的请假和免于考勤；"
        "请把日期改到该时段之外，确有差错的请书面报组织委员留存备查"
    )


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


class LeaveOverlapsElsewhere(Conflict):
    """A person is on one leave at a time; when the other is, is not for who asks to know."""

    code = "leave.overlaps_elsewhere"
    detail = "该同志在其他党组织已有请假，时间重叠；请与其任职的其他乡镇或县委组织部联系，由其更改后再登记"
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


class ExemptionRunsIntoNext(Conflict):
    """An exemption that is made to last longer ends before the member's next one begins."""

    code = "exemption.runs_into_next"
    detail = "该党员自 {starts_on} 起另有免于考勤（编号 {exemption_id}），结束日期须早于该日，请改为更早的结束日期"
    field = "ends_on"


class ExemptionReachesFarBack(Forbidden):
    """What was judged long ago a branch's secretary does not change alone; raised with the field of the day."""

    code = "exemption.reaches_far_back"
    detail = "党支部书记只能办理最近 {most} 天以内起变动的免于考勤，更早的请由组织委员或党委书记办理"


class PersonNotKnown(Forbidden):
    """Without the member's person nobody can tell whether a branch's secretary lets off himself."""

    code = "exemption.person_unknown"
    detail = "该党员未登记人员编号，无法确认是否为本人，请由组织委员办理"
    field = "member_id"


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
