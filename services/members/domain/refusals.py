"""What the members service refuses, each with the sentence that tells the person what to do."""

from shared.kernel.errors import Conflict, Invalid, NotFound


class UnknownOrganisation(NotFound):
    """No such organisation, or not for this reader."""

    code = "organisation.unknown"
    detail = "没有找到该党组织，请核对编号"
    field = "organisation_id"


class UnknownParent(Invalid):
    """The organisation above is not registered."""

    code = "organisation.parent_unknown"
    detail = "没有找到上级党组织，请先登记上级党组织，或核对编号"
    field = "parent_id"


class ParentMissing(Invalid):
    """Only a county hangs under nothing."""

    code = "organisation.parent_missing"
    detail = "除县委外都须填写上级党组织，请填写其编号"
    field = "parent_id"


class MisplacedOrganisation(Invalid):
    """The tree is county ▸ township ▸ general branch ▸ branch, and nothing else."""

    code = "organisation.misplaced"
    detail = "组织层级应为：县委 ▸ 乡镇党委 ▸ 党总支 ▸ 党支部（党支部可直属乡镇党委），请核对上级党组织"
    field = "parent_id"


class CategoryMissing(Invalid):
    """The category decides which rules a branch is judged by."""

    code = "organisation.category_missing"
    detail = "党支部须注明类别，请选择：village 村 · office 机关 · enterprise 非公"
    field = "category"


class CategoryOutOfPlace(Invalid):
    """Only a branch has a category."""

    code = "organisation.category_out_of_place"
    detail = "只有党支部填写类别，请删除该项"
    field = "category"


class CodeTaken(Conflict):
    """An external code names one organisation of a county."""

    code = "organisation.code_taken"
    detail = "该组织代码在本县已被其他党组织使用，请核对后重新填写"
    field = "external_code"


class LeavesCounty(Invalid):
    """An organisation moves within its county; between counties it is dissolved here and registered there."""

    code = "organisation.leaves_county"
    detail = "党组织只能在本县范围内调整隶属关系，请填写本县的上级党组织；转往外县的，请联系县委组织部"
    field = "parent_id"


class NotATownship(Invalid):
    """Go-live days and history spans belong to townships."""

    code = "township.not_a_township"
    detail = "启用日期和补录时段只属于乡镇党委，请填写乡镇党委的编号"
    field = "township_id"


class GoLivePassed(Conflict):
    """Facts were lived since: the day stays."""

    code = "township.go_live_passed"
    detail = "本乡镇已于 {go_live_on} 启用，启用日期不能再更改；此前的工作请申报补录时段后补录"
    field = "go_live_on"


class GoLivePast(Invalid):
    """Nobody works live in the past: a day mistyped there would be fixed at once."""

    code = "township.go_live_past"
    detail = "启用日期不能早于本周一（{monday}），请核对；更早的工作请申报补录时段后补录"
    field = "go_live_on"


class GoLiveInHistory(Invalid):
    """What was declared as history lies before go-live."""

    code = "township.go_live_in_history"
    detail = "启用日期应晚于已申报的补录时段（至 {to_on}），请改为其后的日期"
    field = "go_live_on"


class SpanBackwards(Invalid):
    """A span ends on or after the day it begins."""

    code = "history_span.backwards"
    detail = "补录时段的截止日期不能早于起始日期，请核对"
    field = "to_on"


class SpanNotPast(Invalid):
    """History is what was: before today, and before the township went live."""

    code = "history_span.not_past"
    detail = "补录时段应在今天和启用日期之前结束，请改为更早的截止日期"
    field = "to_on"


class SpanOverlaps(Conflict):
    """A day belongs to one span, so that it is judged once."""

    code = "history_span.overlaps"
    detail = "与已申报的补录时段（{from_on} 至 {to_on}）重叠，请调整起止日期"
    field = "from_on"


class UnknownSpan(NotFound):
    """The township declared no such span."""

    code = "history_span.unknown"
    detail = "没有找到该补录时段，请核对编号"
    field = "span_id"


class UnknownBranch(Invalid):
    """Members belong to a registered branch."""

    code = "branch.unknown"
    detail = "没有找到该党支部，请先登记党支部，或核对编号"
    field = "branch_id"


class NotABranch(Invalid):
    """Members belong to branches, not to committees."""

    code = "branch.not_a_branch"
    detail = "党员应编入党支部，请填写党支部的编号"
    field = "branch_id"


class UnknownMember(NotFound):
    """No such member, or not for this reader."""

    code = "member.unknown"
    detail = "没有找到该党员，请核对编号"
    field = "member_id"


class EnrolledAlready(Conflict):
    """A person belongs to one branch; who asks may know to which."""

    code = "member.enrolled"
    detail = "该同志已于 {joined_on} 编入“{branch}”，请核对人员编号；确已转来的，请联系县委组织部办理组织关系转接"
    field = "person_id"


class EnrolledElsewhere(Conflict):
    """A person belongs to one branch; to which is not for who asks to know."""

    code = "member.enrolled_elsewhere"
    detail = "该同志已编入其他党支部，请核对人员编号；如无误，请联系县委组织部"
    field = "person_id"


class NotHappenedYet(Invalid):
    """Nobody can record what has not happened; where it is raised says which day that is."""

    code = "request.in_the_future"
    detail = "日期不能晚于今天，请核对日期，或到当天再登记"


class UnknownPlaceOfPost(Invalid):
    """A post is held at a registered organisation."""

    code = "posting.organisation_unknown"
    detail = "没有找到任职的党组织，请先登记，或核对编号"
    field = "organisation_id"


class UnknownPosting(NotFound):
    """No such posting, or not for this reader."""

    code = "posting.unknown"
    detail = "没有找到该任职记录，请核对编号"
    field = "posting_id"


class PostOutOfPlace(Invalid):
    """Each post is held at certain kinds of organisations."""

    code = "posting.post_out_of_place"
    detail = "该职务只能在{where}任职，请核对职务，或更换任职的党组织"
    field = "post"


class PostingOverlaps(Conflict):
    """A person holds a post at a place once at a time."""

    code = "posting.overlaps"
    detail = (
        "该同志在此已有同一职务的任职（编号 {posting_id}，{starts_on} 到任），时间重叠，请核对日期，或先为其登记离任"
    )
    field = "starts_on"


class EndsBeforeItStarts(Invalid):
    """A post ends on or after the day it starts."""

    code = "posting.ends_before_it_starts"
    detail = "离任日期不能早于到任日期 {starts_on}，请核对"
    field = "ends_on"


class PostingEndedAlready(Conflict):
    """A post that ended stays ended."""

    code = "posting.ended"
    detail = "该任职已于 {ends_on} 结束，不能再更改；继续任职的，请另行登记任职"
    field = "ends_on"


class CalendarOfAnotherYear(Invalid):
    """A table speaks of its own year; where it is raised says in which list the day stands."""

    code = "calendar.another_year"
    detail = "{day} 不在 {year} 年内，请删除该日，或登记到它所在年度的工作日历"


class CalendarContradicts(Invalid):
    """A day is off or worked, not both."""

    code = "calendar.contradicts"
    detail = "{day} 不能既是休息日又是工作日，请从其中一项删除"
    field = "working_days"


class CalendarPublishedAlready(Conflict):
    """A published table is changed by who has seen it."""

    code = "calendar.published"
    detail = "该年度工作日历已发布，如需修改请先读取，并在 If-Match 请求头中带上其版本号（ETag）"
    field = "If-Match"


class NoCalendarHere(Invalid):
    """Counties and townships publish calendars."""

    code = "calendar.not_here"
    detail = "工作日历由县或乡镇发布，请填写县委或乡镇党委的编号"
    field = "organisation_id"


class UnknownCase(NotFound):
    """No such disposal, or not for this reader."""

    code = "disposal.unknown"
    detail = "没有找到该处置记录，请核对编号"
    field = "case_id"


class MembershipIsOver(Conflict):
    """Who is no member any more cannot be disposed."""

    code = "member.ended"
    detail = "该同志的党员身份已于 {ended_on} 终止，请核对党员编号"
    field = "member_id"


class DecidedBeforeJoining(Invalid):
    """A disposal concerns a member."""

    code = "disposal.before_joining"
    detail = "处置决定日期不能早于编入支部的日期 {joined_on}，请核对"
    field = "decided_on"
