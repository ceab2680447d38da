"""Who may do what with organisations, members, postings, leaves, exemptions, calendars and disposals."""

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from tests.contract.access.matrix import BUSINESS, DESK, HIDDEN, OVERSIGHT, Row
from tests.contract.access.places import COUNTY, HERE, NEAR
from tests.unit.members.conftest import (
    GENERAL_BRANCH,
    a_change,
    a_disposal,
    a_leave,
    a_member,
    a_posting,
    an_exemption,
    an_organisation,
)

_ORGANISATIONS, _TOWNSHIPS = "/api/members/organisations", "/api/members/townships"
_MEMBERS, _POSTINGS, _DISPOSALS = "/api/members/members", "/api/members/postings", "/api/members/disposals"
_LEAVES, _EXEMPTIONS = "/api/members/leaves", "/api/members/exemptions"
_LEAVE, _EXEMPTION = {"leave_id": "leave"}, {"exemption_id": "exemption"}
_EXEMPTERS = DESK | {Role.BRANCH_SECRETARY}
_CADRE = frozenset({Role.CADRE})
_COUNTY, _ORGANISER = frozenset({Role.COUNTY_ORGANISER}), frozenset({Role.ORGANISER})
_KEEPERS = _COUNTY | _ORGANISER
_TIMES = DESK | _COUNTY
_OWNERS = frozenset({Role.CADRE, Role.MEMBER})
_BRANCH, _TOWNSHIP = {"organisation_id": "branch"}, {"township_id": "township"}
_A_TOWNSHIP = {"kind": "township", "title": "新设乡镇党委", "parent_id": COUNTY, "category": None}
_YEAR = {"year": "2023"}
_TABLE: dict[str, object] = {"days_off": [], "working_days": []}

ROWS = (
    Row(
        f"POST {_ORGANISATIONS}",
        case="党总支、党支部",
        may=_KEEPERS,
        at="township",
        body=an_organisation(id=derived_id("new branch")),
    ),
    Row(
        f"POST {_ORGANISATIONS}",
        case="乡镇党委",
        may=_COUNTY,
        knocks=_ORGANISER,
        at="county",
        body=an_organisation(id=derived_id("new township"), **_A_TOWNSHIP),
    ),
    Row(f"GET {_ORGANISATIONS}", may=BUSINESS, lists=("branch",)),
    Row(f"GET {_ORGANISATIONS}/tree", may=BUSINESS, lists=("branch",)),
    Row(f"GET {_ORGANISATIONS}/{{organisation_id}}", may=BUSINESS, ids=_BRANCH),
    Row(
        f"PUT {_ORGANISATIONS}/{{organisation_id}}",
        case="党总支、党支部",
        may=_KEEPERS,
        ids=_BRANCH,
        seen=1,
        body=a_change(title="改名", parent_id=GENERAL_BRANCH),
    ),
    Row(
        f"PUT {_ORGANISATIONS}/{{organisation_id}}",
        case="乡镇党委",
        may=_COUNTY,
        knocks=_ORGANISER,
        at="township",
        ids={"organisation_id": "township"},
        seen=1,
        body=a_change(title="改名", parent_id=COUNTY, category=None),
    ),
    Row(
        f"PUT {_ORGANISATIONS}/{{organisation_id}}",
        case="移至另一乡镇",
        may=_COUNTY,
        knocks=_ORGANISER,
        refusal=HIDDEN,
        ids=_BRANCH,
        seen=1,
        body=a_change(title="改隶", parent_id=NEAR.township),
    ),
    Row(f"GET {_ORGANISATIONS}/{{organisation_id}}/calendars/{{year}}", may=BUSINESS, fixed=_YEAR, ids=_BRANCH),
    Row(
        f"PUT {_ORGANISATIONS}/{{organisation_id}}/calendars/{{year}}",
        case="乡镇",
        may=_ORGANISER,
        knocks=_COUNTY,
        at="township",
        fixed=_YEAR,
        ids={"organisation_id": "township"},
        body=_TABLE,
    ),
    Row(
        f"PUT {_ORGANISATIONS}/{{organisation_id}}/calendars/{{year}}",
        case="县",
        may=_COUNTY,
        knocks=_ORGANISER,
        at="county",
        fixed=_YEAR,
        ids={"organisation_id": "county"},
        body=_TABLE,
    ),
    Row(f"GET {_TOWNSHIPS}/{{township_id}}", may=BUSINESS, at="township", ids=_TOWNSHIP),
    Row(
        f"PUT {_TOWNSHIPS}/{{township_id}}/go-live",
        may=_TIMES,
        at="township",
        ids=_TOWNSHIP,
        seen=1,
        body={"go_live_on": "2023-12-04"},
    ),
    Row(
        f"POST {_TOWNSHIPS}/{{township_id}}/history-spans",
        may=_TIMES,
        at="township",
        ids=_TOWNSHIP,
        body={"id": derived_id("new span"), "from_on": "2023-07-01", "to_on": "2023-07-31"},
    ),
    Row(
        f"PUT {_TOWNSHIPS}/{{township_id}}/history-spans/{{span_id}}/closure",
        may=_TIMES,
        at="township",
        ids={**_TOWNSHIP, "span_id": "span"},
        seen=1,
    ),
    Row(f"POST {_MEMBERS}", may=DESK, body=a_member(id=derived_id("new member"), person_id=derived_id("new person"))),
    Row(
        f"GET {_MEMBERS}",
        may=OVERSIGHT,
        own=_OWNERS,
        owner=HERE.member,
        lists=("enrolment",),
        others=("other enrolment",),
    ),
    Row(
        f"GET {_MEMBERS}/{{member_id}}",
        may=OVERSIGHT,
        own=_OWNERS,
        owner=HERE.member,
        refusal=HIDDEN,
        ids={"member_id": "enrolment"},
    ),
    Row(f"POST {_POSTINGS}", may=DESK, body=a_posting(id=derived_id("new posting"), cadre_id=derived_id("new cadre"))),
    Row(f"GET {_POSTINGS}", may=OVERSIGHT, own=BUSINESS - OVERSIGHT, lists=("posting",)),
    Row(
        f"GET {_POSTINGS}/{{posting_id}}",
        may=OVERSIGHT,
        own=BUSINESS - OVERSIGHT,
        refusal=HIDDEN,
        ids={"posting_id": "posting"},
    ),
    Row(
        f"PUT {_POSTINGS}/{{posting_id}}/end",
        may=DESK,
        ids={"posting_id": "posting"},
        seen=1,
        body={"ends_on": "2023-12-31"},
    ),
    Row(
        f"POST {_LEAVES}",
        may=DESK,
        at="township",
        body=a_leave(id=derived_id("new leave"), starts_on="2024-01-02", ends_on="2024-01-05"),
    ),
    Row(f"GET {_LEAVES}", may=DESK, own=_CADRE, at="township", lists=("leave",)),
    Row(f"GET {_LEAVES}/{{leave_id}}", may=DESK, own=_CADRE, at="township", refusal=HIDDEN, ids=_LEAVE),
    Row(
        f"PUT {_LEAVES}/{{leave_id}}",
        may=DESK,
        at="township",
        ids=_LEAVE,
        seen=1,
        body={"starts_on": "2023-11-27", "ends_on": "2023-11-29"},
    ),
    Row(f"PUT {_LEAVES}/{{leave_id}}/withdrawal", may=DESK, at="township", ids=_LEAVE, seen=1),
    Row(
        f"POST {_EXEMPTIONS}",
        may=_EXEMPTERS,
        body=an_exemption(
            id=derived_id("new exemption"), member_id=HERE.an("enrolment"), starts_on="2024-01-01", ground="age"
        ),
    ),
    Row(f"GET {_EXEMPTIONS}", may=_EXEMPTERS, own=_OWNERS, owner=HERE.member, lists=("exemption",)),
    Row(
        f"GET {_EXEMPTIONS}/{{exemption_id}}",
        may=_EXEMPTERS,
        own=_OWNERS,
        owner=HERE.member,
        refusal=HIDDEN,
        ids=_EXEMPTION,
    ),
    Row(
        f"PUT {_EXEMPTIONS}/{{exemption_id}}",
        may=_EXEMPTERS,
        ids=_EXEMPTION,
        seen=1,
        body={"ends_on": "2023-12-31"},
    ),
    Row(f"PUT {_EXEMPTIONS}/{{exemption_id}}/withdrawal", may=_EXEMPTERS, ids=_EXEMPTION, seen=1),
    Row(
        f"POST {_DISPOSALS}",
        may=DESK,
        at="township",
        body=a_disposal(id=derived_id("new case"), member_id=HERE.an("enrolment")),
    ),
    Row(f"GET {_DISPOSALS}", may=DESK, at="township", lists=("case",)),
    Row(f"GET {_DISPOSALS}/{{case_id}}", may=DESK, at="township", ids={"case_id": "case"}),
)
