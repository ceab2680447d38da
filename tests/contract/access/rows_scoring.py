"""Who may read which scores, and who makes rule books."""

from typing import Any

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from tests.contract.access import planted, rows_closings, rows_laboratory
from tests.contract.access.matrix import BUSINESS, CADRE, DESK, OVERSIGHT, Row
from tests.contract.access.places import COUNTY, HERE
from tests.unit.scoring.publishing import ASKED, BASIS, BOOK

_SCORES = "/api/scoring/scores"
_BOOKS = "/api/scoring/rule-books"
_DRAFTS = f"{_BOOKS}/drafts"
_DRAFT, _CONSULTED = {"draft_id": "draft"}, {"draft_id": "consulted draft"}
_PUBLISHERS = frozenset({Role.COUNTY_ORGANISER})
_OF_RULES = _PUBLISHERS | DESK
_OF_BRANCHES = OVERSIGHT | {Role.SUPERVISOR}
_DEEDS, _REVIEWS, _OBJECTIONS = "/api/scoring/deeds", "/api/scoring/reviews", "/api/scoring/objections"
_BOARDS, _RANKINGS, _GRADES = "/api/scoring/boards", "/api/scoring/rankings", "/api/scoring/grades"
_GRANTERS = _PUBLISHERS | {Role.SECRETARY}
_DEED, _OBJECTION, _BRANCH = {"deed_id": "deed"}, {"objection_id": "objection"}, {"branch_id": "branch"}
_MEMBER, _BRANCH_SECRETARY = frozenset({Role.MEMBER}), frozenset({Role.BRANCH_SECRETARY})
_BRANCH_OR_DESK = DESK | _BRANCH_SECRETARY
_OBJECTORS = _MEMBER | CADRE | _BRANCH_SECRETARY


def _one(tail: str, root: str = _SCORES, **period: str) -> tuple[Row, Row, Row]:
    """The three standards share their routes."""
    route = f"GET {root}/{{standard}}/{{subject_id}}{tail}"
    return (
        Row(
            route,
            case="支部",
            may=_OF_BRANCHES,
            knocks=BUSINESS - _OF_BRANCHES,
            fixed={"standard": "branch", **period},
            ids={"subject_id": "branch"},
        ),
        Row(
            route,
            case="联村干部",
            may=OVERSIGHT,
            own=CADRE,
            knocks=BUSINESS,
            fixed={"standard": "cadre", **period},
            ids={"subject_id": "cadre"},
        ),
        Row(
            route,
            case="党员",
            may=OVERSIGHT,
            own=_MEMBER,
            knocks=BUSINESS,
            owner=HERE.member,
            fixed={"standard": "member", **period},
            ids={"subject_id": "membership"},
        ),
    )


def _signing(standard: str, case: str, subject: str, grade: str) -> Row:
    may = _GRANTERS if standard == "branch" else _GRANTERS - _PUBLISHERS
    return Row(
        f"PUT {_GRADES}/{{standard}}/{{subject_id}}/{{period}}",
        case=case,
        may=may,
        knocks=_GRANTERS - may,
        fixed={"standard": standard, "period": "2023"},
        ids={"subject_id": subject},
        seen=1,
        body={"grade": grade, "reason": "党委会议研究决定"},
    )


_RANKED: dict[str, Any] = {"at": "township", "fixed": {"standard": "branch"}, "ids": {"organisation_id": "township"}}
_RANKING = f"{_RANKINGS}/{{standard}}/{{organisation_id}}"
_VIEWS = (
    Row(f"GET {_BOARDS}/{{standard}}", case="支部", may=_OF_BRANCHES, at=None, fixed={"standard": "branch"}),
    *(
        Row(
            f"GET {_BOARDS}/{{standard}}",
            case=case,
            may=OVERSIGHT,
            knocks=frozenset({Role.SUPERVISOR}),
            at=None,
            fixed={"standard": standard},
        )
        for case, standard in (("联村干部", "cadre"), ("党员", "member"))
    ),
    Row("GET /api/scoring/changes", may=BUSINESS, at=None),
    Row(f"GET {_RANKING}", may=_OF_BRANCHES, **_RANKED),
    Row(f"GET {_RANKING}/permit", may=_OF_BRANCHES, **_RANKED),
    Row(f"PUT {_RANKING}", may=_GRANTERS, seen=1, body={"basis": "演组发〔2023〕20号：年度考核"}, **_RANKED),
    Row(f"PUT {_RANKING}/withdrawal", may=_GRANTERS, seen=1, **_RANKED),
    *_one("/{period}", _GRADES, period="2023"),
    _signing("branch", "支部", "branch", "四星"),
    _signing("cadre", "联村干部", "cadre", "不评"),
    _signing("member", "党员", "membership", "合格"),
)
_RECORDS = (
    Row(f"POST {_DEEDS}", may=_BRANCH_OR_DESK, own=_MEMBER, owner=HERE.member, body=planted.a_deed("new deed")),
    Row(f"GET {_DEEDS}", may=OVERSIGHT, own=_MEMBER, owner=HERE.member, lists=("deed",)),
    Row(f"GET {_DEEDS}/{{deed_id}}", may=OVERSIGHT, own=_MEMBER, owner=HERE.member, ids=_DEED),
    Row(f"PUT {_DEEDS}/{{deed_id}}/confirmation", may=_BRANCH_OR_DESK, ids=_DEED, seen=1),
    Row(
        f"PUT {_DEEDS}/{{deed_id}}/withdrawal",
        may=_BRANCH_OR_DESK,
        own=_MEMBER,
        owner=HERE.member,
        ids=_DEED,
        seen=1,
        body={"reason": "不实"},
    ),
    Row(f"GET {_REVIEWS}", may=OVERSIGHT, lists=("review",)),
    Row(f"GET {_REVIEWS}/{{branch_id}}/{{year}}", may=OVERSIGHT, ids=_BRANCH, fixed={"year": "2023"}),
    Row(
        f"PUT {_REVIEWS}/{{branch_id}}/{{year}}",
        may=DESK | _PUBLISHERS,
        ids=_BRANCH,
        fixed={"year": "2023"},
        seen=1,
        body=planted.REVIEW,
    ),
    *(
        Row(
            f"POST {_OBJECTIONS}",
            case=case,
            may=may,
            own=own,
            knocks=_OBJECTORS - may - own,
            owner=owner,
            body=planted.an_objection("new objection", standard, subject),
        )
        for case, standard, subject, may, own, owner in (
            ("支部", "branch", HERE.branch, _BRANCH_SECRETARY, frozenset(), HERE.cadre),
            ("联村干部", "cadre", HERE.cadre, frozenset(), CADRE, HERE.cadre),
            ("党员", "member", HERE.an("other membership"), frozenset(), _MEMBER, HERE.member),
        )
    ),
    Row(f"GET {_OBJECTIONS}", may=OVERSIGHT, own=CADRE | _MEMBER, owner=HERE.member, lists=("objection",)),
    Row(f"GET {_OBJECTIONS}/{{objection_id}}", may=OVERSIGHT, own=CADRE | _MEMBER, owner=HERE.member, ids=_OBJECTION),
    Row(
        f"PUT {_OBJECTIONS}/{{objection_id}}/answer",
        may=DESK,
        ids=_OBJECTION,
        seen=1,
        body={"upheld": True, "answer": "情况属实"},
    ),
)
ROWS = (
    Row(f"GET {_SCORES}/branch", may=_OF_BRANCHES, lists=("branch",)),
    Row(f"GET {_SCORES}/cadre", may=OVERSIGHT, own=CADRE, lists=("cadre",)),
    Row(
        f"GET {_SCORES}/member",
        may=OVERSIGHT,
        own=_MEMBER,
        owner=HERE.member,
        lists=("membership", "other membership"),
    ),
    *_one(""),
    *_one("/passport"),
    *_one("/passport/printed"),
    *_one("/curve"),
    *_VIEWS,
    Row(f"GET {_BOOKS}", may=BUSINESS, at=None),
    Row(f"POST {_BOOKS}/check", may=_OF_RULES, at=None, body={"text": BOOK}),
    Row(
        f"GET {_BOOKS}/{{standard}}/{{version}}/printed",
        may=BUSINESS,
        at=None,
        fixed={"standard": "branch", "version": "2023.1"},
    ),
    Row(
        f"POST {_DRAFTS}",
        may=_PUBLISHERS,
        at="county",
        body={"id": derived_id("new draft"), "organisation_id": COUNTY, "text": BOOK},
    ),
    Row(f"GET {_DRAFTS}", may=_OF_RULES, at="county", from_below=True, lists=("draft", "consulted draft")),
    Row(f"GET {_DRAFTS}/{{draft_id}}", may=_OF_RULES, at="county", from_below=True, ids=_DRAFT),
    Row(f"GET {_DRAFTS}/{{draft_id}}/printed", may=_OF_RULES, at="county", from_below=True, ids=_DRAFT),
    Row(
        f"PUT {_DRAFTS}/{{draft_id}}", may=_PUBLISHERS, at="county", ids=_DRAFT, seen=1, body={"text": f"# 改\n{BOOK}"}
    ),
    Row(f"PUT {_DRAFTS}/{{draft_id}}/consultation", may=_PUBLISHERS, at="county", ids=_DRAFT, seen=1, body=ASKED),
    Row(f"PUT {_DRAFTS}/{{draft_id}}/publication", may=_PUBLISHERS, at="county", ids=_CONSULTED, seen=2, body=BASIS),
    Row(f"PUT {_DRAFTS}/{{draft_id}}/withdrawal", may=_PUBLISHERS, at="county", ids=_DRAFT, seen=1),
    *_RECORDS,
    *rows_closings.ROWS,
    *rows_laboratory.ROWS,
)
