"""What may be wrong with a request about builds."""

from shared.kernel.errors import Conflict, NotFound


class BuildUnknown(NotFound):
    """No build has that name (any more)."""

    code = "build.unknown"
    detail = "没有得分版本 {build}，请用 make switch-scores 查看可以切换的版本"


class BuildNotKept(Conflict):
    """Only a build that was live before can be gone back to."""

    code = "build.not_kept"
    detail = "得分版本 {build} 不是保留版本，只能切换到曾经启用并保留下来的版本"


class BuildUnderWay(Conflict):
    """One build at a time."""

    code = "build.under_way"
    detail = "得分版本 {build} 正在生成，请待其完成后再试"


class NothingLive(Conflict):
    """There is nothing to build anew before the worker has begun."""

    code = "build.nothing_live"
    detail = "还没有启用的得分版本，请先启动 scoring-worker 再试"
