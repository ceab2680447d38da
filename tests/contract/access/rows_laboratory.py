"""Who tries rule books, each for the subjects of his own scope; who sees what a publication changed."""

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from tests.contract.access.matrix import DESK, Row
from tests.contract.access.places import HERE
from tests.unit.scoring.publishing import BOOK

_LABORATORY, _BUILDS = "/api/scoring/laboratory", "/api/scoring/builds"
BUILD = "build"
_TRIERS = DESK | {Role.COUNTY_ORGANISER}
_TRIAL, _DONE = {"trial_id": "trial"}, {"trial_id": "done trial"}
TRIAL = {"text": BOOK, "first_period": "2023-Q4"}

ROWS = (
    Row(
        f"POST {_LABORATORY}",
        may=_TRIERS,
        at="township",
        body={**TRIAL, "id": derived_id("new trial"), "organisation_id": HERE.township},
    ),
    Row(f"GET {_LABORATORY}", may=_TRIERS, at="township", lists=("trial", "done trial")),
    Row(f"GET {_LABORATORY}/{{trial_id}}", may=_TRIERS, at="township", ids=_DONE),
    Row(f"GET {_LABORATORY}/{{trial_id}}/progress", may=_TRIERS, at="township", ids=_DONE),
    Row(f"PUT {_LABORATORY}/{{trial_id}}/cancellation", may=_TRIERS, at="township", ids=_TRIAL, seen=1),
    Row(f"GET {_BUILDS}", may=frozenset({Role.COUNTY_ORGANISER}), at=None),
    Row(f"GET {_BUILDS}/{{build_id}}", may=frozenset({Role.COUNTY_ORGANISER}), at=None, fixed={"build_id": BUILD}),
)
