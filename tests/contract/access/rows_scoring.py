"""Who may read which scores."""

from shared.kernel.access import Role
from tests.contract.access.matrix import BUSINESS, CADRE, OVERSIGHT, Row

_SCORES = "/api/scoring/scores"
_OF_BRANCHES = OVERSIGHT | {Role.SUPERVISOR}


def _one(tail: str) -> tuple[Row, Row]:
    """The two standards share their routes."""
    route = f"GET {_SCORES}/{{standard}}/{{subject_id}}{tail}"
    return (
        Row(
            route,
            case="支部",
            may=_OF_BRANCHES,
            knocks=BUSINESS - _OF_BRANCHES,
            fixed={"standard": "branch"},
            ids={"subject_id": "branch"},
        ),
        Row(
            route,
            case="联村干部",
            may=OVERSIGHT,
            own=CADRE,
            knocks=BUSINESS,
            fixed={"standard": "cadre"},
            ids={"subject_id": "cadre"},
        ),
    )


ROWS = (
    Row(f"GET {_SCORES}/branch", may=_OF_BRANCHES, lists=("branch",)),
    Row(f"GET {_SCORES}/cadre", may=OVERSIGHT, own=CADRE, lists=("cadre",)),
    *_one(""),
    *_one("/passport"),
    Row("GET /api/scoring/rule-books", may=BUSINESS, at=None),
)
