"""Who may do what with visits and problems (domain.md, section 1: a cadre his own visits and the problems he has)."""

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from tests.contract.access.matrix import CADRE, DESK, OVERSIGHT, Row
from tests.contract.access.places import COLLEAGUE
from tests.unit.visits.conftest import a_problem, a_visit

_VISITS, _PROBLEMS = "/api/visits/visits", "/api/visits/problems"
_VISIT, _OPEN, _RESOLVED = {"visit_id": "visit"}, {"problem_id": "open problem"}, {"problem_id": "resolved problem"}
_CORRECTION = {"occurred_at": "2023-11-20T08:00:00+08:00", "note": "更正"}
_RESOLUTION = {"resolved_on": "2023-11-20", "measure": "已修好"}
_CONFIRMATION = {"answer": "yes", "confirmed_on": "2023-11-20"}
_CONFIRMERS = DESK | {Role.BRANCH_SECRETARY}


def _row(route: str, *, may: frozenset[Role], own: frozenset[Role] = CADRE, **more: object) -> Row:
    return Row(route, may=may, own=own, own_anywhere=False, **more)  # type: ignore[arg-type]


ROWS = (
    _row(f"POST {_VISITS}", may=DESK, body=a_visit(id=derived_id("new visit"))),
    _row(f"GET {_VISITS}", may=OVERSIGHT, lists=("visit",)),
    _row(f"GET {_VISITS}/{{visit_id}}", may=OVERSIGHT, ids=_VISIT),
    _row(f"PUT {_VISITS}/{{visit_id}}", may=DESK, ids=_VISIT, seen=1, body=_CORRECTION),
    _row(f"PUT {_VISITS}/{{visit_id}}/withdrawal", may=DESK, ids=_VISIT, seen=1),
    _row(f"POST {_PROBLEMS}", may=DESK, body=a_problem(id=derived_id("new problem"))),
    _row(f"GET {_PROBLEMS}", may=OVERSIGHT, lists=("open problem", "resolved problem")),
    _row(f"GET {_PROBLEMS}/{{problem_id}}", may=OVERSIGHT, ids=_OPEN),
    _row(
        f"PUT {_PROBLEMS}/{{problem_id}}/assignment",
        may=DESK,
        own=frozenset(),
        ids=_OPEN,
        seen=1,
        body={"cadre_id": COLLEAGUE},
    ),
    _row(f"PUT {_PROBLEMS}/{{problem_id}}/resolution", may=DESK, ids=_OPEN, seen=1, body=_RESOLUTION),
    _row(f"PUT {_PROBLEMS}/{{problem_id}}/resolution/withdrawal", may=DESK, ids=_RESOLVED, seen=2),
    _row(
        f"PUT {_PROBLEMS}/{{problem_id}}/confirmation",
        may=_CONFIRMERS,
        own=frozenset(),
        ids=_RESOLVED,
        seen=2,
        body=_CONFIRMATION,
    ),
)
