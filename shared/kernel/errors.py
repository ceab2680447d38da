"""Refusals as values: what went wrong, said once, in the words people read.

DomainError
├── NotFound      404   it is not there, or not for this reader to know
├── Conflict      409   it stands already, or differently
│   ├── AlreadyThere    the id is taken: compare with what stands there
│   └── Stale     412   somebody else changed it since it was read
├── Forbidden     403   seen, but not this person's to do
└── Invalid       422   the request cannot be right as it stands
Unavailable       503   nothing is wrong with the request: try again later

In an api the error becomes problem+json, in a worker the message goes to `.rejected` with the same code and reason.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable `code` (`subject.reason`) and a Chinese sentence saying what to do next.

    Subclasses set `code`, `detail` (a format string over the keyword arguments given) and, where one input is to
    blame, `field`.
    """

    code: ClassVar[str] = "error"
    detail: ClassVar[str] = "请求未被接受"
    field: str | None = None

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        self.facts = facts
        if field is not None:
            self.field = field
        super().__init__(self.code)

    def __str__(self) -> str:
        """The sentence the person reads."""
        return self.detail.format(**self.facts)


class NotFound(DomainError):
    """The thing is unknown, or outside what the reader may know of."""

    code = "object.not_found"
    detail = "没有找到该记录，请核对编号或向组织委员确认您的管理范围"


class Conflict(DomainError):
    """The request contradicts what stands."""

    code = "object.conflict"
    detail = "该编号已被使用且内容不同，请更换编号后重新提交"


class AlreadyThere(Conflict):
    """The client's id names something that exists; the use case says whether it is the same thing."""

    code = "object.already_there"


class Stale(Conflict):
    """The writer had read an older revision than the one that stands."""

    code = "object.stale"
    detail = "该记录已被他人修改，请刷新后在最新内容上重新操作"


class Forbidden(DomainError):
    """The reader sees the thing but has no role that may do this."""

    code = "access.forbidden"
    detail = "您的职责不包含此项操作，如有需要请联系组织委员"


class Invalid(DomainError):
    """The request cannot be right as it stands."""

    code = "request.invalid"
    detail = "提交的内容有误，请检查后重新提交"


class Unavailable(Exception):
    """A part this process depends on (store, broker, keys) does not answer; the same request may succeed later."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} is unavailable")
