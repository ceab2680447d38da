"""What scoring refuses of rankings and of signed grades, in the words people read.

NotFound
├── OrganisationUnknown       404   no such organisation, or not for this reader
├── PermitUnknown             404   nobody ever turned rankings on there
└── GradeUnsigned             404   nobody has signed a grade yet
Forbidden
└── OwnGradeNotSigned         403   nobody signs his own grade
Conflict
├── RankingsOff               409   rankings are off, as they are until somebody records a basis
├── PermitStands              409   rankings were turned on or off there: who changes that has seen it
├── PeriodNotSealed           409   a grade is signed for what can change no more
├── GradeSignedAlready        409   a grade that stands is corrected by who has seen it
└── GradeVetoed               409   something forbids a grade
Invalid
├── NeverRanked               422   this standard has no ranks at all
├── GradeUnknown              422   the rule book has no such grade
└── GradeReasonMissing        422   another grade than the reference, or a correction, says why
"""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class OrganisationUnknown(NotFound):
    """No such organisation, or outside what the reader may know of."""

    code = "organisation.unknown"
    detail = "没有找到该组织，请核对编号，或稍后重试"


class PermitUnknown(NotFound):
    """Nobody ever turned rankings on there."""

    code = "ranking.permit_unknown"
    detail = "该组织没有登记过排名依据，排名默认关闭；确需排名的，由党委书记或县委组织部登记依据后开启"


class RankingsOff(Conflict):
    """Rankings are off unless somebody who may has recorded on what basis they are on."""

    code = "ranking.off"
    detail = (
        "排名默认关闭，本范围没有有效的排名依据；确需排名的，须由本乡镇党委书记或县委组织部"
        "登记依据（文件名称、文号和理由）后开启"
    )


class PermitStands(Conflict):
    """What stands is changed by who has seen it."""

    code = "ranking.permit_stands"
    detail = "该组织已登记过排名依据，如需更改或重新开启，请先读取，并在 If-Match 请求头中带上其版本号（ETag）"
    field = "If-Match"


class NeverRanked(Invalid):
    """Persons are not ranked."""

    code = "ranking.never"
    detail = "{reason}，不能开启排名，也不能查询排名；支部考评（branch）可以在登记依据之后排名"
    field = "standard"


class PeriodNotSealed(Conflict):
    """A grade is signed for what can change no more."""

    code = "grade.period_not_sealed"
    detail = "该考评对象 {period} 的得分尚未归档，请在公示期满、确认归档之后再审定等次"


class GradeUnsigned(NotFound):
    """Nobody has signed a grade yet."""

    code = "grade.unsigned"
    detail = "该考评对象在该考评周期尚未审定等次，请在确认归档之后由党委书记审定"


class OwnGradeNotSigned(Forbidden):
    """Nobody signs his own grade."""

    code = "grade.own"
    detail = "不能审定本人的等次，请由其他党委书记审定"


class GradeSignedAlready(Conflict):
    """A grade that stands is corrected by who has seen it."""

    code = "grade.signed"
    detail = "该考评对象该考评周期的等次已审定，如需更正请先读取，在 If-Match 请求头中带上其版本号（ETag），并写明理由"
    field = "If-Match"


class GradeVetoed(Conflict):
    """Something that lasts on the period's last day forbids a grade."""

    code = "grade.vetoed"
    detail = "该考评对象在考评周期末有不评定等次的情形（{why}），只能审定为“不评”"
    field = "grade"


class GradeUnknown(Invalid):
    """The rule book has no such grade."""

    code = "grade.unknown"
    detail = "《{title}》没有等次“{grade}”，请从中选择：{choices}"
    field = "grade"


class GradeReasonMissing(Invalid):
    """Another grade than the reference, a veto or a correction says why."""

    code = "grade.reason_missing"
    detail = "审定的等次与参考等次（{reference}）不同、有不评定等次的情形或更正原等次的，请写明理由"
    field = "reason"
