"""The things every service's api holds in these tests: their ids, and a body that fits every request that has one."""

import re
from typing import Any

from services.notifications.domain.week_terms import week_obligation_id
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId, derived_id

COUNTY, TOWNSHIP, BRANCH, CADRE = (derived_id(name) for name in ("county", "township", "branch", "cadre"))
ELSEWHERE = derived_id("elsewhere")
TODAY, LONG_AGO = "2023-11-20", "2023-01-02"
IDS: dict[str, str] = {
    "account_id": derived_id("account"),
    "case_id": derived_id("case"),
    "member_id": derived_id("member"),
    "obligation_id": week_obligation_id("weekly-visit", CadreId(CADRE), Period.parse("2023-W47")),
    "organisation_id": BRANCH,
    "posting_id": derived_id("posting"),
    "problem_id": derived_id("problem"),
    "span_id": derived_id("span"),
    "standard": "branch",
    "subject_id": BRANCH,
    "township_id": TOWNSHIP,
    "visit_id": derived_id("visit"),
    "year": "2023",
}
"""What stands under each parameter of a path."""


def filled(path: str) -> str:
    """The path of the thing that stands there; calendars are a township's."""
    named = {**IDS, "organisation_id": TOWNSHIP} if "/calendars/" in path else IDS
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)


BODIES: dict[str, Any] = {
    "POST /api/identity/accounts": {
        "id": derived_id("new account"),
        "username": "new",
        "person_id": derived_id("person"),
        "roles": [{"role": "cadre", "scope": TOWNSHIP}],
        "password": "long enough",
    },
    "PUT /api/identity/accounts/{account_id}/disabled": {"disabled": True},
    "PUT /api/identity/accounts/{account_id}/password": {"password": "long enough"},
    "PUT /api/identity/accounts/{account_id}/roles": {"roles": [{"role": "member", "scope": BRANCH}]},
    "POST /api/identity/password": {"old_password": "unknown", "new_password": "long enough"},
    "POST /api/members/disposals": {
        "id": IDS["case_id"],
        "member_id": IDS["member_id"],
        "document_number": "演组发〔2023〕4号",
        "decided_on": "2023-11-01",
        "measure": "rectify",
    },
    "POST /api/members/members": {
        "id": IDS["member_id"],
        "branch_id": BRANCH,
        "name": "某甲同志",
        "standing": "full",
        "joined_on": LONG_AGO,
    },
    "POST /api/members/organisations": {
        "id": derived_id("new branch"),
        "kind": "branch",
        "title": "演示新支部",
        "parent_id": TOWNSHIP,
        "category": "village",
    },
    "PUT /api/members/organisations/{organisation_id}": {
        "title": "演示改名",
        "parent_id": TOWNSHIP,
        "category": "village",
    },
    "PUT /api/members/organisations/{organisation_id}/calendars/{year}": {"days_off": [TODAY], "working_days": []},
    "POST /api/members/postings": {
        "id": IDS["posting_id"],
        "cadre_id": CADRE,
        "organisation_id": BRANCH,
        "post": "village_cadre",
        "starts_on": LONG_AGO,
    },
    "PUT /api/members/postings/{posting_id}/end": {"ends_on": TODAY},
    "PUT /api/members/townships/{township_id}/go-live": {"go_live_on": TODAY},
    "POST /api/members/townships/{township_id}/history-spans": {
        "id": derived_id("new span"),
        "from_on": "2023-04-01",
        "to_on": "2023-06-30",
    },
    "PUT /api/notifications/obligations/{obligation_id}/waiver": {"reason": "leave"},
    "POST /api/visits/problems": {
        "id": IDS["problem_id"],
        "branch_id": BRANCH,
        "cadre_id": CADRE,
        "raised_on": TODAY,
        "problem_class": "ordinary",
        "content": "路灯不亮",
    },
    "PUT /api/visits/problems/{problem_id}/assignment": {"cadre_id": CADRE},
    "PUT /api/visits/problems/{problem_id}/confirmation": {"answer": "yes", "confirmed_on": TODAY},
    "PUT /api/visits/problems/{problem_id}/resolution": {"resolved_on": TODAY, "measure": "已办"},
    "POST /api/visits/visits": {
        "id": IDS["visit_id"],
        "cadre_id": CADRE,
        "branch_id": BRANCH,
        "occurred_at": "2023-11-20T09:30:00+08:00",
    },
    "PUT /api/visits/visits/{visit_id}": {"occurred_at": "2023-11-20T10:00:00+08:00"},
}
"""By method and path; `POST /api/identity/token` takes a form and needs no token."""
