"""People who do not exist, and a life in which everybody writes down more about them than he should."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.kernel.calendar import quarter_of
from shared.kernel.clock import at_local_time
from tests.stories import county
from tests.stories.township import Township


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist: names nobody bears, numbers nobody was given."""

    name: str
    phone: str = ""
    identity_number: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All that would give him away."""
        return tuple(word for word in (self.name, self.phone, self.identity_number) if word)

    def told(self, what: str) -> str:
        """What somebody writes who was asked not to."""
        return f"{self.name}{what}，电话{self.phone}，身份证号{self.identity_number}"


MEMBER, DISPOSED, POSTED = Person("欧阳试演甲"), Person("司徒试演乙"), Person("上官试演丙")
DOCUMENT_NUMBER = "演组处〔2026〕417号"
VISITED = Person("诸葛试演丁", "19900010001", "990101195001010015")
CORRECTED = Person("夏侯试演戊", "19900010002", "990101195102020026")
ASKING = Person("皇甫试演己", "19900010003", "990101195203030037")
HELPED = Person("尉迟试演庚", "19900010004", "99010119530404004X")
REFUSED = Person("公孙试演辛", "19900010005", "990101195505050055")
AWAY = Person("申屠试演壬", "19900010006", "990101195606060062")
MET = Person("淳于试演癸", "19900010007", "990101195707070079")
AGREED = Person("单于试演子", "19900010008", "990101195808080086")
TROUBLED = Person("太叔试演丑", "19900010009", "990101195909090093")
AIDED = Person("宇文试演寅", "19900010010", "990101196010100108")
JUDGED = Person("长孙试演卯", "19900010011", "990101196111110115")
CLAIMED = Person("慕容试演辰", "19900010012", "990101196212120122")
ANSWERED = Person("钟离试演巳", "19900010013", "990101196301010139")
CONSULTED = Person("闾丘试演午", "19900010014", "990101196402020146")
COMMENTED = Person("东郭试演未", "19900010015", "990101196503030153")


def _words(*people: Person) -> tuple[str, ...]:
    return tuple(word for person in people for word in person.words)


TOLD_MEMBERS = (*_words(MEMBER, DISPOSED, POSTED, AWAY), DOCUMENT_NUMBER)
OWN = {
    "members": set(TOLD_MEMBERS),
    "visits": set(_words(CORRECTED, ASKING, HELPED)),
    "duties": set(_words(AGREED, TROUBLED)),
    "scoring": set(_words(AIDED, JUDGED, CLAIMED, ANSWERED, CONSULTED, COMMENTED)),
}
"""What each service is told; it stands in the service's own store."""
PLANTED = (*(word for words in OWN.values() for word in sorted(words)), *_words(VISITED, MET, REFUSED))
"""A note that was corrected, and what was refused, stand nowhere any more."""


@dataclass(slots=True)
class Life:
    """What the township does in its first days."""

    township: Township
    monday: date

    def on(self, days: int, hour: int = 9) -> datetime:
        """A local time some days after the Monday."""
        return at_local_time(self.monday + timedelta(days=days), time(hour))

    async def enrols_and_disposes(self) -> None:
        """The organiser enters people by name, and a decision by its number; those who may read it do."""
        township = self.township
        for person, name in ((MEMBER, "member"), (DISPOSED, "disposed member")):
            form = {
                "id": township.id(name),
                "branch_id": township.id("branch"),
                "name": person.name,
                "standing": "full",
                "joined_on": "2019-07-01",
                "person_id": township.id("person", name),
            }
            await township.call("organiser", "POST", "/api/members/members", form)
        posting = {
            "id": township.id("posting", "first secretary"),
            "cadre_id": township.id("first secretary"),
            "organisation_id": township.id("branch"),
            "post": "first_secretary",
            "starts_on": "2026-01-05",
            "name": POSTED.name,
        }
        await township.call("organiser", "POST", "/api/members/postings", posting)
        disposal = {
            "id": township.id("case"),
            "member_id": township.id("disposed member"),
            "document_number": DOCUMENT_NUMBER,
            "decided_on": "2026-01-09",
            "measure": "expelled",
        }
        await township.call("organiser", "POST", "/api/members/disposals", disposal)
        read = await township.call("secretary", "GET", f"/api/members/disposals/{township.id('case')}")
        listed = await township.call("branch secretary", "GET", "/api/members/members")

        assert read["document_number"] == DOCUMENT_NUMBER
        assert MEMBER.name in {item["name"] for item in listed["items"]}

    async def visits_and_helps(self) -> None:
        """The cadre writes down more than he should, corrects it, and solves a problem; somebody else asks back."""
        township, tuesday = self.township, self.monday + timedelta(days=1)
        await township.noon(tuesday)
        visit = {
            "id": township.id("visit"),
            "cadre_id": township.id("cadre"),
            "branch_id": township.id("branch"),
            "occurred_at": self.on(1).isoformat(),
            "note": VISITED.told("家屋顶漏雨"),
        }
        logged = await township.call("cadre", "POST", "/api/visits/visits", visit)
        correction = {"occurred_at": self.on(1, 10).isoformat(), "note": CORRECTED.told("家门前路灯不亮")}
        path = f"/api/visits/visits/{logged['id']}"
        await township.call("cadre", "PUT", path, correction, seen=logged["revision"])
        problem = {
            "id": township.id("problem"),
            "branch_id": township.id("branch"),
            "cadre_id": township.id("cadre"),
            "visit_id": township.id("visit"),
            "raised_on": tuesday.isoformat(),
            "problem_class": "ordinary",
            "content": ASKING.told("要求修路"),
        }
        raised = await township.call("cadre", "POST", "/api/visits/problems", problem)
        resolution = {"resolved_on": tuesday.isoformat(), "measure": HELPED.told("已帮助修好")}
        path = f"/api/visits/problems/{raised['id']}/resolution"
        resolved = await township.call("cadre", "PUT", path, resolution, seen=raised["revision"])
        await township.confirm("branch secretary", resolved, tuesday)

    async def goes_on_leave(self) -> None:
        """The organiser lets the colleague stay away, and writes down why."""
        leave = {
            "id": self.township.id("leave"),
            "cadre_id": self.township.id("colleague"),
            "organisation_id": self.township.id("township"),
            "starts_on": (self.monday + timedelta(days=7)).isoformat(),
            "ends_on": (self.monday + timedelta(days=8)).isoformat(),
            "reason": AWAY.told("住院陪护"),
        }
        await self.township.call("organiser", "POST", "/api/members/leaves", leave)

    async def meets_and_is_rectified(self) -> None:
        """A branch writes more into its minutes than it should, and corrects them; of another the county says why."""
        township, tuesday = self.township, (self.monday + timedelta(days=1)).isoformat()
        told: dict[str, Any] = {"held_on": tuesday, "absent": [], "note": MET.told("家的事")}
        form = {"id": township.id("meeting"), "branch_id": township.id("branch"), "kind": "theme_day", **told}
        held = await township.call("branch secretary", "POST", "/api/duties/meetings", form)
        told["note"] = AGREED.told("的党费")
        path = f"/api/duties/meetings/{held['id']}"
        await township.call("branch secretary", "PUT", path, told, seen=held["revision"])
        listing = {
            "id": township.id("listing"),
            "organisation_id": township.id("other branch"),
            "listed_on": tuesday,
            "ground": TROUBLED.told("反映班子不团结"),
        }
        await township.call("county organiser", "POST", "/api/duties/weak-organisations", listing)
        await township.clock.settle()

    async def is_scored_and_objects(self) -> None:
        """A deed with its words, a review with its basis, an objection with its text and its answer."""
        township, tuesday = self.township, self.monday + timedelta(days=1)
        deed = {
            "id": township.id("deed"),
            "member_id": township.id("member"),
            "kind": "voluntary",
            "done_on": tuesday.isoformat(),
            "note": AIDED.told("家收割"),
        }
        reported = await township.call("branch secretary", "POST", "/api/scoring/deeds", deed)
        path = f"/api/scoring/deeds/{reported['id']}/confirmation"
        await township.call("organiser", "PUT", path, seen=reported["revision"])
        review = {"mark": "88", "basis": JUDGED.told("在会上的意见")}
        path = f"/api/scoring/reviews/{township.id('branch')}/{tuesday.year}"
        await township.call("organiser", "PUT", path, review)
        period = quarter_of(self.monday + timedelta(days=3)).name
        passport = await township.passport("cadre", "cadre", "cadre", period)
        award = next(award for award in passport["awards"] if award["rule_id"] == "problem")
        objection = {
            "id": township.id("objection"),
            "standard": "cadre",
            "subject_id": township.id("cadre"),
            "period": period,
            "award_id": award["award_id"],
            "rule_id": award["rule_id"],
            "text": CLAIMED.told("才是办结人"),
        }
        filed = await township.call("cadre", "POST", "/api/scoring/objections", objection)
        answer = {"upheld": True, "answer": ANSWERED.told("已核实")}
        path = f"/api/scoring/objections/{filed['id']}/answer"
        await township.call("organiser", "PUT", path, answer, seen=filed["revision"])

    async def consults_on_a_rule_book(self) -> None:
        """The county writes a name into a draft, and into what it says of those it asked."""
        text = f"# {COMMENTED.told('建议')}\n{county.a_visit_worth_three('2026.9', self.monday + timedelta(days=90))}"
        drafted = await county.draft(self.township, "named", text)
        form = {
            "from_on": self.monday.isoformat(),
            "to_on": self.monday.isoformat(),
            "participants": "各乡镇联村干部",
            "opinions": CONSULTED.told("希望提高分值"),
            "changes": "无",
        }
        path = f"/api/scoring/rule-books/drafts/{drafted['id']}/consultation"
        await self.township.call("county organiser", "PUT", path, form, seen=drafted["revision"])

    async def is_refused(self) -> None:
        """What was not accepted is not kept either, nor told to anybody."""
        township = self.township
        form = {"id": township.id("visit"), "cadre_id": township.id("cadre"), "branch_id": township.id("branch")}
        taken = {**form, "occurred_at": self.on(1).isoformat(), "note": REFUSED.told("不在家")}
        unfit = {**taken, "id": REFUSED.identity_number, "phone": REFUSED.phone, "note": REFUSED.name * 500}
        later = {**taken, "id": township.id("later"), "occurred_at": self.on(9).isoformat()}
        answers = [
            (await township.ask("cadre", "POST", "/api/visits/visits", body)).status_code
            for body in (taken, unfit, later)
        ]
        looked_for = f"/api/visits/visits?branch_id={REFUSED.name}&cursor={REFUSED.phone}"
        answers.append((await township.ask("cadre", "GET", looked_for)).status_code)
        sign_in = {"grant_type": "password", "username": REFUSED.phone, "password": REFUSED.identity_number}
        answers.append((await township.gateway.post("/api/identity/token", data=sign_in)).status_code)

        assert answers == [409, 422, 422, 422, 401]
