"""What scoring refuses, in the words people read.

NotFound
└── SubjectUnknown      404   nobody of that id is scored by this standard (or the reader may not know)
Invalid
├── PeriodUnclear       422   the period names no quarter or year
├── PeriodUnsuited      422   the standard is not scored by that kind of period
├── NoBookInForce       422   no rule book was in force then
├── NothingKnownThen    422   at that instant no rule book was in force yet
├── ScopeTooLarge       422   more subjects than one board may show
└── RuleBookRefused     422   a rule book says what it may not say
"""

from shared.kernel.errors import Invalid, NotFound


class SubjectUnknown(NotFound):
    """No such branch or cadre, or outside what the reader may know of."""

    code = "subject.not_found"
    detail = "没有找到该考评对象，请核对编号或向组织委员确认您的管理范围"


class PeriodUnclear(Invalid):
    """The text names no year or quarter."""

    code = "period.unclear"
    detail = "考评周期“{period}”无法识别，请写作 2023（年）或 2023-Q1（季）"
    field = "period"


class PeriodUnsuited(Invalid):
    """The standard is scored by another kind of period."""

    code = "period.unsuited"
    detail = "《{title}》{kind}，不能查询“{period}”，请改用 {example}"
    field = "period"


class NoBookInForce(Invalid):
    """Nothing was scored then."""

    code = "period.no_rule_book"
    detail = "“{period}”期间没有生效的考评细则，请改查细则生效之后的周期"
    field = "period"


class NothingKnownThen(Invalid):
    """At that instant nothing was scored yet."""

    code = "as_of.no_rule_book"
    detail = "该时刻还没有生效的考评细则，请改查细则生效之后的时刻"
    field = "as_of"


class ScopeTooLarge(Invalid):
    """More subjects than one request may reckon."""

    code = "board.too_large"
    detail = "范围内超过 {most} 个考评对象，请指定一个乡镇或党支部再看"
    field = "organisation_id"


class RuleBookRefused(Invalid):
    """A rule book says what it may not say; every fault with its line."""

    code = "rule_book.refused"
    detail = "考评细则 {name} 不予采用，请逐条改正：{faults}"
    field = "text"
