"""The records of the walk through scoring: in each home a deed, a review mark and an objection of the member's."""

from datetime import date
from typing import Any, cast

from services.scoring.domain.awards import AwardId, CardKey
from services.scoring.domain.review import review_id
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events import members
from shared.events.scoring import Standard
from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from shared.testing.facts import a_fact
from tests.contract.access.in_memory import Service
from tests.contract.access.places import HERE, HOMES, Home
from tests.unit.scoring.conftest import World
from tests.unit.scoring.record_world import an_award

REVIEW = {"mark": "88.00", "basis": "年度述职评议会议"}
_LIVE_ON = date(2023, 1, 2)


def a_deed(name: str, home: Home = HERE) -> dict[str, Any]:
    """What the member there did."""
    return {
        "id": home.an(name),
        "member_id": home.an("membership"),
        "kind": "voluntary",
        "done_on": "2023-11-18",
        "note": "清扫村道",
    }


def an_objection(name: str, standard: str, subject_id: str, home: Home = HERE) -> dict[str, Any]:
    """What the subject says against his award."""
    return {
        "id": home.an(f"{name} of {standard}"),
        "standard": standard,
        "subject_id": subject_id,
        "period": "2023-Q4",
        "award_id": _award_of(subject_id),
        "rule_id": "problem-late",
        "text": "已按期办结",
    }


async def records(service: Service, ports: RecordPorts, world: World) -> None:
    """Two memberships of the member's, one with records and one without, and those of the cadre and the branch."""
    for home in HOMES:
        await _people(ports, world, home)
        member = a_caller(Role.MEMBER, home.branch, person=home.member)
        await service.make(member, "/api/scoring/deeds", a_deed("deed", home))
        objection = an_objection("objection", "member", home.an("membership"), home)
        await service.make(member, "/api/scoring/objections", objection)
        county = a_caller(Role.COUNTY_ORGANISER, home.county)
        path = f"/api/scoring/reviews/{home.branch}/2023"
        response = await service.send(county, "PUT", path, body={**REVIEW, "mark": "87.50"})
        assert response.is_success, response.text
        service.named["objection", home] = objection["id"]
        service.named["review", home] = review_id(home.branch, 2023)


async def decisions(service: Service, world: World) -> None:
    """What was sealed and signed of the branch, the cadre and the member, and a permit of rankings."""
    sealed = {"branch": ["2023"], "cadre": ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"], "member": ["2023"]}
    for home in HOMES:
        secretary = a_caller(Role.SECRETARY, home.township)
        path = f"/api/scoring/rankings/branch/{home.township}"
        response = await service.send(secretary, "PUT", path, body={"basis": "演发〔2023〕8号：年度考核"})
        assert response.is_success, response.text
        subjects = {"branch": home.branch, "cadre": home.cadre, "member": home.an("membership")}
        for standard, subject in subjects.items():
            for period in sealed[standard]:
                await world.seal(CardKey(cast("Standard", standard), subject, period))
            path = f"/api/scoring/grades/{standard}/{subject}/2023"
            signed = {"grade": "不评", "reason": "综合研判"}
            response = await service.send(secretary, "PUT", path, body=signed)
            assert response.is_success, response.text


async def _people(ports: RecordPorts, world: World, home: Home) -> None:
    township, branch = ("/".join(home.segments(level)) for level in ("township", "branch"))
    live = members.GoLiveSet(township_id=home.township, go_live_on=_LIVE_ON, occurred_on=_LIVE_ON)
    facts = [a_fact(live, subject=home.township, path=township)]
    for name in ("membership", "other membership"):
        enrolled = members.MemberEnrolled(
            member_id=home.an(name), branch_id=home.branch, person_id=home.member, standing="full", occurred_on=_LIVE_ON
        )
        facts.append(a_fact(enrolled, subject=enrolled.member_id, path=branch))
    for fact in facts:
        await follow_members(fact, ports.directory, world.ports.cards)
    subjects = (
        ("branch", home.branch),
        ("cadre", home.cadre),
        ("member", home.an("membership")),
        ("member", home.an("other membership")),
    )
    await world.ledger.add(
        [
            an_award(id=AwardId(_award_of(subject)), card=CardKey(cast("Standard", standard), subject, "2023-Q4"))
            for standard, subject in subjects
        ]
    )


def _award_of(subject_id: str) -> str:
    return derived_id("award of", subject_id)
