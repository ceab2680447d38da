"""The things every service's api holds in these tests: their ids, and a body that fits every request that has one."""

import re
from typing import Any

from services.notifications.domain.week_terms import week_obligation_id
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId, derived_id
from tests.unit.scoring.publishing import ASKED, BASIS, BOOK

COUNTY, TOWNSHIP, BRANCH, CADRE = (derived_id(name) for name in ("county", "township", "branch", "cadre"))
ELSEWHERE = derived_id("elsewhere")
TODAY, LONG_AGO = "2023-11-20", "2023-01-02"
IDS: dict[str, str] = {
    "account_id": derived_id("account"),
    "branch_id": BRANCH,
    "case_id": derived_id("case"),
    "deed_id": derived_id("deed"),
    "draft_id": derived_id("draft"),
    "exemption_id": derived_id("exemption"),
    "leave_id": derived_id("leave"),
    "listing_id": derived_id("listing"),
    "meeting_id": derived_id("meeting"),
    "member_id": derived_id("member"),
    "objection_id": derived_id("objection"),
    "obligation_id": week_obligation_id("weekly-visit", CadreId(CADRE), Period.parse("2023-W47")),
    "organisation_id": BRANCH,
    "period": "2023",
    "posting_id": derived_id("posting"),
    "problem_id": derived_id("problem"),
    "span_id": derived_id("span"),
    "standard": "branch",
    "subject_id": BRANCH,
    "trial_id": derived_id("trial"),
    "build_id": derived_id("build"),
    "township_id": TOWNSHIP,
    "version": "2023.1",
    "visit_id": derived_id("visit"),
    "year": "2023",
}
"""What stands under each parameter of a path."""


def filled(path: str) -> str:
    """The path of the thing that stands there; calendars are a township's."""
    named = {**IDS, "organisation_id": TOWNSHIP} if "/calendars/" in path else IDS
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)


BODIES: dict[str, Any] = {
    "POST /api/scoring/laboratory": {
        "id": IDS["trial_id"],
        "text": BOOK,
        "organisation_id": TOWNSHIP,
        "first_period": "2023-Q4",
    },
    "POST /api/duties/meetings": {
        "id": IDS["meeting_id"],
        "branch_id": BRANCH,
        "kind": "theme_day",
        "held_on": TODAY,
        "absent": [],
    },
    "PUT /api/duties/meetings/{meeting_id}": {"held_on": TODAY, "absent": [IDS["member_id"]]},
    "POST /api/duties/weak-organisations": {
        "id": IDS["listing_id"],
        "organisation_id": BRANCH,
        "listed_on": TODAY,
        "ground": "长期不开展组织生活",
    },
    "PUT /api/duties/weak-organisations/{listing_id}/acceptance": {"accepted_on": TODAY},
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
    "POST /api/members/exemptions": {
        "id": IDS["exemption_id"],
        "member_id": IDS["member_id"],
        "starts_on": LONG_AGO,
        "ground": "age",
    },
    "PUT /api/members/exemptions/{exemption_id}": {"ends_on": TODAY},
    "POST /api/members/leaves": {
        "id": IDS["leave_id"],
        "cadre_id": CADRE,
        "organisation_id": TOWNSHIP,
        "starts_on": TODAY,
        "ends_on": "2023-11-24",
    },
    "PUT /api/members/leaves/{leave_id}": {"starts_on": TODAY, "ends_on": "2023-11-22"},
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
    "POST /api/scoring/deeds": {
        "id": IDS["deed_id"],
        "member_id": IDS["member_id"],
        "kind": "voluntary",
        "done_on": TODAY,
        "note": "清扫村道",
    },
    "POST /api/scoring/objections": {
        "id": IDS["objection_id"],
        "standard": "branch",
        "subject_id": BRANCH,
        "period": "2023-Q4",
        "award_id": derived_id("award"),
        "rule_id": "problem-late",
        "text": "已按期办结",
    },
    "PUT /api/scoring/objections/{objection_id}/answer": {"upheld": False, "answer": "记录无误"},
    "PUT /api/scoring/rankings/{standard}/{organisation_id}": {"basis": "演组发〔2023〕12号：年度考核"},
    "PUT /api/scoring/grades/{standard}/{subject_id}/{period}": {"grade": "不评", "reason": "综合研判"},
    "PUT /api/scoring/reviews/{branch_id}/{year}": {"mark": "87.50", "basis": "年度述职评议会议"},
    "POST /api/scoring/rule-books/check": {"text": BOOK},
    "POST /api/scoring/rule-books/drafts": {"id": IDS["draft_id"], "organisation_id": COUNTY, "text": BOOK},
    "PUT /api/scoring/rule-books/drafts/{draft_id}": {"text": f"# 改\n{BOOK}"},
    "PUT /api/scoring/rule-books/drafts/{draft_id}/consultation": ASKED,
    "PUT /api/scoring/rule-books/drafts/{draft_id}/publication": BASIS,
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
