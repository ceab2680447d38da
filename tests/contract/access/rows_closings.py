"""Who puts a township's scores on notice and has them sealed."""

from shared.kernel.access import Role
from tests.contract.access.matrix import DESK, Row

_CLOSINGS = "/api/scoring/closings"
_ONE = f"{_CLOSINGS}/{{standard}}/{{township_id}}/{{period}}"
_READERS = DESK | {Role.COUNTY_ORGANISER}
_TOWNSHIP, _CADRES = {"township_id": "township"}, {"standard": "cadre", "period": "2023-Q1"}

ROWS = (
    Row(f"GET {_CLOSINGS}", may=_READERS, at="township", lists=("closing",)),
    Row(f"GET {_ONE}", may=_READERS, at="township", ids=_TOWNSHIP, fixed=_CADRES),
    Row(f"PUT {_ONE}/notice", may=DESK, at="township", ids=_TOWNSHIP, fixed=_CADRES),
    Row(
        f"PUT {_ONE}/sealing",
        case="由组织委员开始公示",
        may=frozenset({Role.SECRETARY}),
        knocks=DESK,
        at="township",
        ids=_TOWNSHIP,
        fixed=_CADRES,
        seen=1,
    ),
)
