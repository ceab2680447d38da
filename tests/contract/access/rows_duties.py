"""Who may do what with meetings and weak organisations: the branch and the desk keep meetings, the county lists."""

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from tests.contract.access.matrix import DESK, OVERSIGHT, Row
from tests.unit.duties.conftest import HELD_ON, a_listing, a_meeting

_MEETINGS, _WEAK = "/api/duties/meetings", "/api/duties/weak-organisations"
_MEETING, _LISTING = {"meeting_id": "meeting"}, {"listing_id": "listing"}
_KEEPERS = DESK | {Role.BRANCH_SECRETARY}
_READERS = OVERSIGHT | {Role.SUPERVISOR}
_COUNTY = frozenset({Role.COUNTY_ORGANISER})
_CORRECTION = {"held_on": HELD_ON, "absent": [], "excused": [], "note": "更正"}

ROWS = (
    Row("GET /api/duties/branches/{branch_id}/roll", may=_KEEPERS, ids={"branch_id": "branch"}),
    Row(f"POST {_MEETINGS}", may=_KEEPERS, body=a_meeting(id=derived_id("new meeting"), held_on="2023-11-19")),
    Row(f"GET {_MEETINGS}", may=_READERS, lists=("meeting",)),
    Row(f"GET {_MEETINGS}/{{meeting_id}}", may=_READERS, ids=_MEETING),
    Row(f"PUT {_MEETINGS}/{{meeting_id}}", may=_KEEPERS, ids=_MEETING, seen=1, body=_CORRECTION),
    Row(f"PUT {_MEETINGS}/{{meeting_id}}/withdrawal", may=_KEEPERS, ids=_MEETING, seen=1),
    Row(f"POST {_WEAK}", case="党总支", may=_COUNTY, at="township", body=a_listing(id=derived_id("new listing"))),
    Row(f"GET {_WEAK}", may=OVERSIGHT, lists=("listing",)),
    Row(f"GET {_WEAK}/{{listing_id}}", may=OVERSIGHT, ids=_LISTING),
    Row(f"PUT {_WEAK}/{{listing_id}}/withdrawal", may=_COUNTY, ids=_LISTING, seen=1),
    Row(f"PUT {_WEAK}/{{listing_id}}/acceptance", may=_COUNTY, ids=_LISTING, seen=1, body={"accepted_on": HELD_ON}),
)
