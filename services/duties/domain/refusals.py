"""What the duties service refuses, each with the sentence that tells the person what to do."""

from shared.kernel.errors import Conflict, Invalid, NotFound


class UnknownMeeting(NotFound):
    """No such meeting, or not for this reader."""

    code = "meeting.unknown"
    detail = "没有找到该会议记录，请核对编号"


class UnknownListing(NotFound):
    """No such listing of a weak organisation, or not for this reader."""

    code = "weak_organisation.unknown"
    detail = "没有找到该软弱涣散整顿记录，请核对编号"


class UnknownBranch(Invalid):
    """The branch has not reached this service (yet)."""

    code = "branch.unknown"
    detail = "尚未收到该党支部的登记信息，请核对编号，或稍后重试"
    field = "branch_id"


class UnknownOrganisation(Invalid):
    """No branch or general branch of that id has reached this service (yet)."""

    code = "organisation.unknown"
    detail = "尚未收到该党支部或党总支的登记信息，请核对编号，或稍后重试"
    field = "organisation_id"


class NoMembersKnown(Invalid):
    """Nobody is known to have belonged to the branch on that day: who was expected cannot be told."""

    code = "branch.members_unknown"
    detail = "尚未收到该党支部 {day} 的党员信息，请核对日期，或稍后重试"
    field = "branch_id"


class NotInTheBranch(Invalid):
    """Somebody named did not belong to the branch on that day, as far as is known; raised with the list's field."""

    code = "member.unknown"
    detail = "尚未收到下列人员 {day} 在该党支部的党员信息，请核对，或稍后重试：{who}"


class NotLiveYet(Invalid):
    """The township was not working live then, and declared no history span; raised with the field of the day."""

    code = "township.not_live"
    detail = "{day} 本乡镇尚未启用，也不在补录时段内，不能登记；如需补录请先由组织委员申报补录时段"


class HistoryClosed(Invalid):
    """The history span of that day is closed and judged for good; raised with the field of the day."""

    code = "history_span.closed"
    detail = "{day} 所在的补录时段已结束并结算，不能再登记、更正或撤回；请核对日期，确有差错的请书面报组织委员留存备查"


class HappensLater(Invalid):
    """Nobody can enter what has not happened."""

    code = "meeting.in_the_future"
    detail = "召开日期不能晚于今天，请核对"
    field = "held_on"


class BranchWithoutCommittee(Invalid):
    """A branch without a committee holds no committee meetings."""

    code = "meeting.no_committee"
    detail = "该党支部未设支部委员会，不登记支委会；已设立的请先由组织委员更新党支部信息"
    field = "kind"


class BranchWithoutGroups(Invalid):
    """A branch without groups holds no group meetings."""

    code = "meeting.no_groups"
    detail = "该党支部未划分党小组，不登记党小组会；已划分的请先由组织委员更新党支部信息"
    field = "kind"


class ExpectedIsComputed(Invalid):
    """All members are expected: the platform knows who they are."""

    code = "meeting.expected_computed"
    detail = "该类会议应到人员为当日全体党员（免于参会的除外），由系统计算，请勿填写"
    field = "expected"


class ExpectedIsMissing(Invalid):
    """Nobody but the branch knows who sits on its committee or belongs to the group."""

    code = "meeting.expected_missing"
    detail = "请填写应到人员：支委会为全体支部委员，党小组会为该小组全体党员"
    field = "expected"


class ExpectedTooFew(Invalid):
    """Fewer are said to have been expected than a committee or a group has."""

    code = "meeting.expected_too_few"
    detail = "{title}应到人员不少于 {at_least} 人，请填写全部应到人员（未到会的填入请假或缺席名单）"
    field = "expected"


class AttendanceIsMissing(Invalid):
    """Neither who came nor who stayed away was said."""

    code = "meeting.attendance_missing"
    detail = "请填写到会人员名单，或改填无故缺席人员名单（无人缺席的填空名单）"
    field = "attended"


class AttendanceSaidTwice(Invalid):
    """Who came and who stayed away: one follows from the other."""

    code = "meeting.attendance_twice"
    detail = "到会人员和缺席人员只能填写其中一项，另一项由系统推算，请删去一项"
    field = "absent"


class ExcusedAndMore(Invalid):
    """Somebody is said to have been excused and to have come, or to have stayed away without excuse."""

    code = "meeting.excused_and_more"
    detail = "下列人员既填为请假、又填为到会或缺席，请只保留一处：{who}"
    field = "excused"


class NotExpected(Invalid):
    """Somebody named was not expected: exempt that day, or not on the list given; raised with the list's field."""

    code = "meeting.not_expected"
    detail = "下列人员当日免于参会或不在应到名单内，请从该项中删去（列席情况可写入备注）：{who}"


class AlreadyHeld(Conflict):
    """The branch's meeting of that kind and day is entered already (of a group: with the same people expected)."""

    code = "meeting.already_held"
    detail = "该党支部 {day} 的同类会议已登记（编号 {meeting_id}）；内容有误的请更正该记录，未召开的请撤回该记录"
    field = "held_on"


class MeetingIsWithdrawn(Conflict):
    """A withdrawn meeting stays withdrawn."""

    code = "meeting.withdrawn"
    detail = "该会议记录已撤回，不能再修改；如撤回有误请重新登记"


class ListedLater(Invalid):
    """Nobody is listed in advance."""

    code = "weak_organisation.listed_in_the_future"
    detail = "列入日期不能晚于今天，请核对"
    field = "listed_on"


class ListedTooEarly(Invalid):
    """An organisation is listed anew only after the rectification before was accepted."""

    code = "weak_organisation.listed_before_acceptance"
    detail = "该党组织上一次整顿于 {accepted_on} 验收，列入日期应晚于该日，请核对；上一次记录有误的请先撤回"
    field = "listed_on"


class AlreadyListed(Conflict):
    """One listing of an organisation is open at a time."""

    code = "weak_organisation.already_listed"
    detail = "该党组织已列入软弱涣散整顿且尚未验收，无需重复列入；请先登记验收，或查看原记录"


class AlreadyAccepted(Conflict):
    """An accepted rectification is not accepted again."""

    code = "weak_organisation.already_accepted"
    detail = "该党组织的整顿已于 {accepted_on} 验收，无需重复登记；再次列入请另行登记"


class AcceptedOutOfTime(Invalid):
    """Acceptance comes after the listing, and not in the future."""

    code = "weak_organisation.accepted_out_of_time"
    detail = "验收日期应在 {listed_on} 至今天之间，请核对"
    field = "accepted_on"


class ListingIsWithdrawn(Conflict):
    """A listing that was withdrawn stays withdrawn."""

    code = "weak_organisation.withdrawn"
    detail = "该整顿记录已撤回，不能再登记验收；确需整顿的请重新列入"
