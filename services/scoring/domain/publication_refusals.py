"""What scoring refuses on a rule book's way from draft to publication, in the words people read.

NotFound
├── DraftUnknown          404   no such draft, or not for this reader to know
└── RuleBookUnknown       404   no such version of the standard is in force or to come
Conflict
├── DraftHasFaults        409   what is not checked is not consulted on, and not published
├── DraftNotConsulted     409   nobody was asked yet
├── DraftIsPublished      409   what was published is replaced by a new version, never changed
├── DraftIsWithdrawn      409   it was given up
├── VersionTaken          409   the standard has that version already
├── StartsInThePast       409   points already given would change
├── StartsBeforeNewest    409   versions follow one another
└── PeriodChangesMidYear  409   a year has one kind of score period
Invalid
├── CountyUnknown         422   the county is not known here (yet)
├── NoCounty              422   the organisation is not a county
└── ConsultationUnsound   422   a consultation that ends before it begins, or has not ended
"""

from shared.kernel.errors import Conflict, Invalid, NotFound


class DraftUnknown(NotFound):
    """No such draft, or not for this reader."""

    code = "draft.unknown"
    detail = "没有找到该考评细则草稿，请核对编号"


class RuleBookUnknown(NotFound):
    """No such version of the standard."""

    code = "rule_book.unknown"
    detail = "没有找到该考评细则的 {version} 版，请从细则列表中选取"


class DraftHasFaults(Conflict):
    """A draft is consulted on and published only without a fault."""

    code = "draft.has_faults"
    detail = "该草稿有 {count} 处不合规定，请先按校验意见改正并保存"


class DraftNotConsulted(Conflict):
    """Whom a rule book scores was asked for his opinion first."""

    code = "draft.not_consulted"
    detail = "该草稿（或其修改后的内容）尚未征求意见，请先征求意见并登记征求意见情况，再发布"


class DraftIsPublished(Conflict):
    """What was published stands."""

    code = "draft.published"
    detail = "该细则已于 {published_on} 发布，不能再改动；如需调整请起草新版本"


class DraftIsWithdrawn(Conflict):
    """It was given up."""

    code = "draft.withdrawn"
    detail = "该草稿已撤回，如需继续请重新起草"


class VersionTaken(Conflict):
    """The standard has that version already."""

    code = "publication.version_taken"
    detail = "《{title}》已有 {version} 版，请在细则中改用新的版本号"


class StartsInThePast(Conflict):
    """What was scored under the version in force would be scored again under another."""

    code = "publication.starts_in_past"
    detail = "施行日期 {start} 已过，请在细则中改为 {today} 或之后，并重新征求意见"


class StartsBeforeNewest(Conflict):
    """A new version begins after all others of its standard."""

    code = "publication.starts_before_newest"
    detail = "《{title}》{version} 版自 {newest} 起施行，新版本的施行日期须晚于该日，请在细则中改正"


class PeriodChangesMidYear(Conflict):
    """Quarters and years do not mix within a year."""

    code = "publication.period_changes"
    detail = "考评周期由{before}改为{after}，须自 1 月 1 日起施行，请在细则中改正施行日期"


class CountyUnknown(Invalid):
    """The organisation has not reached this service (yet)."""

    code = "organisation.unknown"
    detail = "尚未收到该组织的登记信息，请核对编号，或稍后重试"
    field = "organisation_id"


class NoCounty(Invalid):
    """A standard is published by a county."""

    code = "organisation.no_county"
    detail = "考评细则由县一级发布，请填写县级组织的编号"
    field = "organisation_id"


class ConsultationUnsound(Invalid):
    """It ended before it began, or has not ended."""

    code = "consultation.unsound"
    detail = "征求意见的截止日期 {to_on} 须不早于开始日期且已到期，请核对日期，或待征求意见结束后登记"
    field = "to_on"
