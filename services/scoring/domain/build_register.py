"""The register of builds (得分版本登记): which there are and which one people see; every change of it is one write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from services.scoring.domain.build import Build, BuildState
from services.scoring.domain.build_refusals import BuildNotKept, BuildUnderWay, BuildUnknown, NothingLive
from services.scoring.domain.generation import Generation

AskedBy = Literal["shipped", "published"]
_KEPT, _FAILED = 2, 3
"""So many that were live, and that were given up, stay on the list; results only of the former."""
_GIVEN_UP: Literal["failed"] = "failed"
_GONE_BACK = "gone back"


@dataclass(frozen=True, slots=True)
class BuildRegister:
    """All builds, oldest first, of which exactly one is live once there is any, and at most one is under way.

    `begun` only grows and is part of every name, so that none ever comes back: whoever still writes under the name of
    a build that is gone disturbs nobody. `asked` is the digest of the books somebody asked for last by shipping or
    publishing them: what was asked for once and left again (gone back from) is not begun again by itself.
    """

    builds: tuple[Build, ...] = ()
    begun: int = 0
    asked: str | None = None

    @property
    def live(self) -> Build | None:
        """The one people see; None before the first."""
        return next((build for build in self.builds if build.state == "live"), None)

    @property
    def under_way(self) -> Build | None:
        """The one being built, or built and not shown yet."""
        return next((build for build in self.builds if _is_under_way(build)), None)

    @property
    def folded(self) -> tuple[Build, ...]:
        """Those that new facts are folded into, the live one first."""
        return tuple(sorted((build for build in self.builds if build.is_folded), key=lambda build: not _is_live(build)))

    def find(self, build_id: str) -> Build | None:
        """The build of that name."""
        return next((build for build in self.builds if build.id == build_id), None)

    def first(self, generation: Generation, at: datetime) -> Self:
        """The generation a platform begins with; changes nothing where one is live."""
        if self.live is not None:
            return self
        return replace(self, builds=(Build.first(generation, at),), begun=1, asked=generation.id)

    def begin(self, generation: Generation, reason: AskedBy, at: datetime) -> Self:
        """A build of books that were shipped or published, unless they were asked for last; gives up one under way."""
        if self.asked == generation.id:
            return self
        given_up = self._with(_is_under_way, _GIVEN_UP)
        return replace(self._added(generation, reason, at, given_up), asked=generation.id)

    def rebuild(self, at: datetime) -> Self:
        """The live generation built anew beside itself; raises NothingLive, BuildUnderWay."""
        if self.live is None:
            raise NothingLive
        self._require_none_under_way()
        return self._added(self.live.generation, "rebuilt", at, self.builds)

    def go_back(self, build_id: str, at: datetime) -> Self:
        """A kept build is built up to date, one given up is tried anew under another name.

        Its results may be on their way out. Raises BuildUnknown, BuildNotKept, BuildUnderWay.
        """
        kept = self.find(build_id)
        if kept is None:
            raise BuildUnknown(build=build_id)
        if kept.state not in {"kept", _GIVEN_UP}:
            raise BuildNotKept(build=build_id)
        self._require_none_under_way()
        if kept.state == _GIVEN_UP:
            return self._added(kept.generation, _GONE_BACK, at, self.builds)
        others = tuple(build for build in self.builds if build.id != build_id)
        return replace(self, builds=(*others, replace(kept, state="building", asked_at=at, reason=_GONE_BACK, facts=0)))

    def progressed(self, build_id: str, facts: int) -> Self:
        """So many facts are read; changes nothing once it is given up."""
        return replace(
            self,
            builds=tuple(
                replace(build, facts=facts) if build.id == build_id and build.state == "building" else build
                for build in self.builds
            ),
        )

    def finished(self, build_id: str) -> Self:
        """It is complete; changes nothing unless it is being built."""
        found = self._with(lambda build: build.id == build_id and build.state == "building", "ready")
        return replace(self, builds=found)

    def failed(self, build_id: str) -> Self:
        """It is given up; changes nothing unless it is under way."""
        given_up = self._with(lambda build: build.id == build_id and _is_under_way(build), _GIVEN_UP)
        return replace(self, builds=_trimmed(given_up))

    def switched(self, build_id: str) -> Self:
        """People see it from now on, and the one they saw is kept; changes nothing unless it is ready."""
        ready = self.find(build_id)
        if ready is None or ready.state != "ready":
            return self
        kept = [replace(build, state="kept") for build in self.builds if _is_live(build)]
        shown = max(build.shown for build in self.builds) + 1
        others = [build for build in self.builds if build.id != build_id and not _is_live(build)]
        return replace(self, builds=_trimmed((*others, *kept, replace(ready, state="live", shown=shown))))

    def _added(self, generation: Generation, reason: str, at: datetime, others: tuple[Build, ...]) -> Self:
        number = self.begun + 1
        added = replace(Build.first(generation, at).again(number, at), reason=reason)
        return replace(self, builds=_trimmed((*others, added)), begun=number)

    def _require_none_under_way(self) -> None:
        if self.under_way is not None:
            raise BuildUnderWay(build=self.under_way.id)

    def _with(self, which: Callable[[Build], bool], state: BuildState) -> tuple[Build, ...]:
        return tuple(replace(build, state=state) if which(build) else build for build in self.builds)


def _trimmed(builds: tuple[Build, ...]) -> tuple[Build, ...]:
    """Without those kept or given up longest ago."""
    gone = {
        build.id
        for state, many in (("kept", _KEPT), (_GIVEN_UP, _FAILED))
        for build in [each for each in builds if each.state == state][:-many]
    }
    return tuple(build for build in builds if build.id not in gone)


def _is_live(build: Build) -> bool:
    return build.state == "live"


def _is_under_way(build: Build) -> bool:
    return build.state in {"building", "ready"}
