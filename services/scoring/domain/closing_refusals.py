"""What scoring refuses of closing a period, in the words people read.

NotFound
├── TownshipUnknown           404   no such township, or not for this reader
└── ClosingUnknown            404   the period was never put on notice, or not for this reader
Forbidden
└── OwnNoticeNotSealed        403   who opened the notice does not confirm the sealing
Conflict
├── PeriodNotOver             409   the period still runs
├── NoticeNotOver             409   the notice still runs
├── ObjectionsOpen            409   objections are not answered yet
├── ReviewsAwaited            409   branches are not reviewed yet
├── EarlierPeriodOpen         409   the period before is not sealed yet
└── SealTooLarge              409   more entries than one fact can name (the worker tells it, nobody's request)
Invalid
├── MeanNotClosed             422   a year made of quarters is their mean: the quarters are closed
└── PeriodIsHistory           422   it ended before the township worked live
"""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class TownshipUnknown(NotFound):
    """No such township, or outside what the reader may know of."""

    code = "township.unknown"
    detail = "没有找到该乡镇，请核对编号，或稍后重试"


class ClosingUnknown(NotFound):
    """Nobody has put that period on notice, or not for this reader."""

    code = "closing.unknown"
    detail = "该考评周期尚未公示，请核对考评标准、乡镇和周期，或由组织委员先开始公示"


class OwnNoticeNotSealed(Forbidden):
    """Who enters does not verify."""

    code = "closing.own_notice"
    detail = "开始公示的人不能确认归档，请由党委书记确认；党委书记开始公示的，请由组织委员确认"


class PeriodNotOver(Conflict):
    """Scores are put on notice when nothing more can happen in the period."""

    code = "closing.period_not_over"
    detail = "考评周期 {period} 到 {last} 才结束，请在结束之后再开始公示"


class NoticeNotOver(Conflict):
    """The notice lasts to the end of its last day."""

    code = "closing.notice_not_over"
    detail = "公示到 {until} 为止（含当日），请在公示期满的次日起确认归档"


class ObjectionsOpen(Conflict):
    """Who objected in time gets his answer before the score is closed."""

    code = "closing.objections_open"
    detail = "本周期还有 {count} 件异议没有答复，请先逐件答复，再确认归档"


class ReviewsAwaited(Conflict):
    """A score that waits for its review is not closed."""

    code = "closing.reviews_awaited"
    detail = "还有 {count} 个党支部评议待评，请先录入评议分，再确认归档；编号（至多列 10 个）：{ids}"


class EarlierPeriodOpen(Conflict):
    """Periods are sealed one after the other: what comes too late for one is posted to the next."""

    code = "closing.earlier_period_open"
    detail = "上一个考评周期 {period} 还没有归档，请先完成其公示和确认归档"


class SealTooLarge(Conflict):
    """A seal names its entries one by one in one fact, and a fact has an end."""

    code = "closing.seal_too_large"
    detail = (
        "考评对象 {subject} 在 {period} 有 {count} 条计分记录，一次归档最多容纳 {most} 条；"
        "请核对是否重复录入，如确有这么多条，请联系平台维护人员"
    )


class MeanNotClosed(Invalid):
    """Nothing is sealed of a mean: it follows from what it is made of."""

    code = "closing.mean"
    detail = "《{title}》按季考评，全年为各季平均，不单独公示和归档；请改为逐季办理，如 {example}"
    field = "period"


class PeriodIsHistory(Invalid):
    """History is scored, silent, never on notice and never sealed."""

    code = "closing.history"
    detail = "考评周期 {period} 在本乡镇启用之前已经结束，属于补录时段，不公示、不归档；请选择启用之后结束的周期"
    field = "period"
