"""What the laboratory (细则测算) refuses, in the words people read.

NotFound
└── TrialUnknown       404   no such trial, or not for this reader
Conflict
├── LaboratoryFull     409   enough trials wait already
└── TrialIsOver        409   it is done, failed or was cancelled
Invalid
├── TextUnclear        422   a text or a draft, one of both
├── TriedDraftUnknown  422   no such draft of the county
├── ScopeUnclear       422   several organisations could be meant
├── ScopeUnknown       422   the organisation is not known here (yet)
└── PeriodsUnsound     422   first and last period do not make a span, or too long a one
"""

from shared.kernel.errors import Conflict, Invalid, NotFound


class TrialUnknown(NotFound):
    """No such trial, or not for this reader."""

    code = "trial.unknown"
    detail = "没有找到该次测算（结果保留 30 天），请核对编号或重新测算"


class LaboratoryFull(Conflict):
    """One trial runs at a time, and only so many wait."""

    code = "laboratory.full"
    detail = "已有 {waiting} 次测算在排队，请待前面的测算完成后再提交，或先取消不需要的测算"


class TrialIsOver(Conflict):
    """What has ended cannot be cancelled."""

    code = "trial.over"
    detail = "该次测算已结束，无需取消；如需再算请重新提交"


class TextUnclear(Invalid):
    """What is to be tried is one thing."""

    code = "trial.text_unclear"
    detail = "请填写细则文本（text）或草稿编号（draft_id），只能填其中一项"
    field = "text"


class TriedDraftUnknown(Invalid):
    """No such draft, or of another county."""

    code = "trial.draft_unknown"
    detail = "没有找到该考评细则草稿，请从本县的草稿列表中选取"
    field = "draft_id"


class ScopeUnclear(Invalid):
    """Who holds his role over several organisations says which one he means."""

    code = "trial.scope_unclear"
    detail = "您的管理范围不止一个组织，请填写要测算的组织（organisation_id）"
    field = "organisation_id"


class ScopeUnknown(Invalid):
    """The organisation has not reached this service (yet)."""

    code = "trial.scope_unknown"
    detail = "尚未收到该组织的登记信息，请核对编号，或稍后重试"
    field = "organisation_id"


class PeriodsUnsound(Invalid):
    """From one year to another, or from one quarter to another, and not more than so many."""

    code = "trial.periods_unsound"
    detail = "首、末周期须同为年或同为季、先后有序，一次至多 {most} 个周期，请改正"
    field = "last_period"
