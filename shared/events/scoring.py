"""Facts of the scoring service: that a score is now another one."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.base import Event

Standard = Literal["branch", "cadre", "member"]
ScoreState = Literal["live", "notice", "sealed"]


class ScoreChanged(Event):
    """The score of a subject in a period is now this (实时 / 公示 / 归档).

    Its id is derived from (generation, subject, period, card digest): the same card never tells twice. `points` is
    absent while it cannot be known (评议待评, nothing attainable yet).
    """

    TYPE: ClassVar[str] = "xianfeng.scoring.score.changed.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    standard: Standard
    subject_id: str
    organisation_id: str
    period: str
    generation: str
    book_version: str
    state: ScoreState
    card_digest: str
    points: Decimal | None = None
    items: Decimal
    """Branch: base less deductions; cadre: earned points."""
    attainable: Decimal | None = None
    occurred_on: date
