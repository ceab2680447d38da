"""What scoring refuses of deeds, review marks and objections, in the words people read.

NotFound
├── DeedUnknown, ReviewUnknown, ObjectionUnknown      404   not there, or not for this reader
Forbidden
├── DeedOfAnother             403   neither his own deed nor one of a branch he answers for
├── OwnDeedNotConfirmed       403   who reported it, or whom it is about, does not confirm it
├── ObjectionOfAnother        403   only the subject objects
└── OwnObjectionNotAnswered   403   who objected does not answer
Conflict
├── DeedIsWithdrawn, DeedConfirmedAlready, DeedTakesEffect      409
├── ReviewMarkedAlready                                         409
└── AwardReversedAlready, AwardObjectedAlready, ObjectionAnsweredAlready      409
Invalid
├── MemberUnknown, NotMemberThen, DoneLater, NotLiveYet, HistoryClosed, ReasonMissing      422
├── YearNotBegun                                                                           422
└── AwardUnknown                                                                           422
"""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class DeedUnknown(NotFound):
    """No such deed, or not for this reader."""

    code = "deed.unknown"
    detail = "没有找到该记实事项，请核对编号"


class DeedOfAnother(Forbidden):
    """A deed is put on record and taken back by the member, or by his branch or the desk for him."""

    code = "deed.of_another"
    detail = "只能登记或撤回本人的记实事项；代填请联系党支部书记或组织委员"


class OwnDeedNotConfirmed(Forbidden):
    """Who enters a deed does not verify it, nor does the member it is about."""

    code = "deed.own_not_confirmed"
    detail = "登记人和当事党员不能确认自己的记实事项，请由党支部书记、组织委员或党委书记中的其他人确认"


class DeedConfirmedAlready(Conflict):
    """The branch has confirmed it, and another person that."""

    code = "deed.confirmed"
    detail = "该记实事项已由他人确认，无需重复确认；如有不实，请写明理由予以撤回"


class DeedIsWithdrawn(Conflict):
    """What was taken back stays so."""

    code = "deed.withdrawn"
    detail = "该记实事项已撤回，不能再确认或修改；如撤回有误请重新登记"


class DeedTakesEffect(Conflict):
    """Only what is on notice becomes effective, once."""

    code = "deed.not_on_notice"
    detail = "该记实事项不在公示期内，请刷新后查看最新状态"


class MemberUnknown(Invalid):
    """The member has not reached this service (yet), or the reader may not know of him."""

    code = "member.unknown"
    detail = "尚未收到该党员的登记信息，请核对编号，或稍后重试"
    field = "member_id"


class NotMemberThen(Invalid):
    """He belonged to no branch on that day."""

    code = "member.not_member_then"
    detail = "该党员 {day} 不在党籍登记期内，请核对日期和党员；党籍登记有误的请先联系组织委员更正"
    field = "done_on"


class DoneLater(Invalid):
    """Nobody can put on record what has not happened."""

    code = "deed.in_the_future"
    detail = "办理日期不能晚于今天，请核对日期"
    field = "done_on"


class NotLiveYet(Invalid):
    """The township was not working live then, and declared no history span; raised with the field of the day."""

    code = "township.not_live"
    detail = "{day} 本乡镇尚未启用，也不在补录时段内，不能登记；如需补录请先由组织委员申报补录时段"


class HistoryClosed(Invalid):
    """The history span of that day is closed and judged for good; raised with the field of the day."""

    code = "history_span.closed"
    detail = "{day} 所在的补录时段已结束并结算，不能再登记、确认或撤回；请核对日期，确有差错的请书面报组织委员留存备查"


class ReasonMissing(Invalid):
    """Whoever takes back another's deed, or one that counts, says why."""

    code = "deed.reason_missing"
    detail = "请写明撤回理由；理由只留存在本系统内，不对外公布"
    field = "reason"


class ReviewUnknown(NotFound):
    """Nobody has marked that branch and year, or not for this reader."""

    code = "review.unknown"
    detail = "没有找到该支部该年度的评议分，请核对年度，或先录入评议分"


class ReviewMarkedAlready(Conflict):
    """A mark that stands is changed by who has seen it."""

    code = "review.marked"
    detail = "该支部该年度已有评议分，如需更正请先读取，并在 If-Match 请求头中带上其版本号（ETag）"
    field = "If-Match"


class YearNotBegun(Invalid):
    """Nobody is reviewed for what is to come."""

    code = "review.year_not_begun"
    detail = "{year} 年尚未开始，不能录入评议分，请核对年度"
    field = "year"


class ObjectionUnknown(NotFound):
    """No such objection, or not for this reader."""

    code = "objection.unknown"
    detail = "没有找到该异议，请核对编号"


class ObjectionOfAnother(Forbidden):
    """A cadre and a member object for themselves, the branch secretary for his branch."""

    code = "objection.of_another"
    detail = "只能对本人（支部书记对本支部）的计分记录提出异议；他人的得分请由其本人提出"


class AwardUnknown(Invalid):
    """The ledger of that subject and period holds no such award under that rule."""

    code = "objection.award_unknown"
    detail = "该考评对象在该考评周期内没有这条计分记录，请在得分明细中核对记录、规则和周期后重新提交"
    field = "award_id"


class AwardReversedAlready(Conflict):
    """What counts for nothing needs no objection."""

    code = "objection.award_reversed"
    detail = "该计分记录已被冲销，不再计分，无需提出异议"


class AwardObjectedAlready(Conflict):
    """One objection at a time."""

    code = "objection.open"
    detail = "该计分记录已有一件异议正在办理，请等待答复，答复后仍有不同意见的再提出"


class OwnObjectionNotAnswered(Forbidden):
    """Who objected does not decide."""

    code = "objection.own_not_answered"
    detail = "提出人不能答复自己的异议，请由组织委员或党委书记中的另一人答复"


class ObjectionAnsweredAlready(Conflict):
    """An answer stands."""

    code = "objection.answered"
    detail = "该异议已答复，不能更改；如答复有误，请由考评对象重新提出异议"
