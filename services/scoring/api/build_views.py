"""What people get to see of builds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from services.scoring.api.laboratory_views import MoverView, PeriodComparisonView
from services.scoring.domain.build import REASON_TITLES, STATE_TITLES, Build, BuildState
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.comparison import MOST_MOVERS
from services.scoring.use_cases.read_builds import ComparedBuild
from shared.events.scoring import Standard


class BookOfBuildView(BaseModel):
    """得分版本所依据的一个考评细则版本"""

    standard: Standard
    title: str
    version: str


class CountyComparisonView(BaseModel):
    """一个县、一个考评标准的比较：正在考评的和上一个周期；已确认归档的得分不变"""

    county_id: str
    standard: Standard
    periods: list[PeriodComparisonView]
    moved: int = Field(description="得分有变化的总数")

    @classmethod
    def of(cls, part: CountyComparison) -> Self:
        """The counts as people see them."""
        return cls(**_counted(part))


class CountyComparisonInFull(CountyComparisonView):
    """一个县、一个考评标准的比较及得分有变化的考评对象"""

    movers: list[MoverView] = Field(description=f"得分有变化的，按变化大小，至多 {MOST_MOVERS} 条")

    @classmethod
    def of(cls, part: CountyComparison) -> Self:
        """The counts with those who move."""
        return cls(**_counted(part), movers=[MoverView.of(each) for each in part.result.movers])


class BuildComparisonView(BaseModel):
    """启用之前与当时启用的得分版本的比较；before 为当时启用的版本，after 为本版本"""

    beside: str = Field(description="与哪个得分版本比较")
    made_at: datetime
    reason: str | None = Field(description="未能比较的原因；不影响启用")
    standards: list[CountyComparisonView]

    @classmethod
    def of(cls, comparison: BuildComparison) -> Self:
        """The counts as people see them."""
        parts = [CountyComparisonView.of(part) for part in comparison.parts]
        return cls(beside=comparison.beside, made_at=comparison.made_at, reason=comparison.reason, standards=parts)


class BuildComparisonInFull(BaseModel):
    """启用之前与当时启用的得分版本的比较，含得分有变化的考评对象"""

    beside: str = Field(description="与哪个得分版本比较")
    made_at: datetime
    reason: str | None = Field(description="未能比较的原因；不影响启用")
    standards: list[CountyComparisonInFull]

    @classmethod
    def of(cls, comparison: BuildComparison) -> Self:
        """The counts with those who move."""
        parts = [CountyComparisonInFull.of(part) for part in comparison.parts]
        return cls(beside=comparison.beside, made_at=comparison.made_at, reason=comparison.reason, standards=parts)


class _Build(BaseModel):
    id: str
    generation: str = Field(description="测算版本：所依据细则的摘要")
    books: list[BookOfBuildView]
    state: BuildState = Field(
        description="building 生成中 · ready 待启用 · live 启用 · kept 保留，可切换回来 · failed 已放弃"
    )
    state_title: str
    reason: str = Field(description="shipped 随版本发布 · published 细则公布 · rebuilt 重新生成 · gone back 切换回退")
    reason_title: str
    asked_at: datetime = Field(description="提交生成的时刻")
    facts: int = Field(description="生成时已读的事实数")


class BuildView(_Build):
    """一个得分版本"""

    comparison: BuildComparisonView | None = Field(description="没有可比较的版本，或尚未比较的，为空")

    @classmethod
    def of(cls, found: ComparedBuild) -> Self:
        """The build as people see it in the list."""
        compared = None if found.comparison is None else BuildComparisonView.of(found.comparison)
        return cls(**_shown(found.build), comparison=compared)


class BuildsView(BaseModel):
    """得分版本"""

    items: list[BuildView]

    @classmethod
    def of(cls, found: Sequence[ComparedBuild]) -> Self:
        """The builds as people see them."""
        return cls(items=[BuildView.of(each) for each in found])


class BuildInFull(_Build):
    """一个得分版本及其比较"""

    comparison: BuildComparisonInFull | None = Field(description="没有可比较的版本，或尚未比较的，为空")

    @classmethod
    def of(cls, found: ComparedBuild) -> Self:
        """The build with those who move."""
        compared = None if found.comparison is None else BuildComparisonInFull.of(found.comparison)
        return cls(**_shown(found.build), comparison=compared)


def _shown(build: Build) -> dict[str, object]:
    books = [book for versions in build.generation.versions.values() for book in versions]
    return {
        "id": build.id,
        "generation": build.generation.id,
        "books": [BookOfBuildView(standard=book.standard, title=book.title, version=book.version) for book in books],
        "state": build.state,
        "state_title": STATE_TITLES[build.state],
        "reason": build.reason,
        "reason_title": REASON_TITLES.get(build.reason, build.reason),
        "asked_at": build.asked_at,
        "facts": build.facts,
    }


def _counted(part: CountyComparison) -> dict[str, object]:
    return {
        "county_id": part.county_id,
        "standard": part.standard,
        "periods": [PeriodComparisonView.of(each) for each in part.result.periods],
        "moved": part.result.moved,
    }
