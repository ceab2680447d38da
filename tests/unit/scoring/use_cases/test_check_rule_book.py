"""A text is checked without being saved; what never scores is refused with a reason people understand."""

from collections.abc import AsyncIterator

import pytest

from services.scoring.adapters.rule_files import RULES, load_whitelist
from services.scoring.adapters.rule_text import faults_of, shipped_refused
from services.scoring.domain.rule_check import Fault
from tests.unit.scoring.publishing import BOOK, PublicationWorld, a_publication_world

EVENT, TERMS = "visits.visit.logged.v1", "    award: {to: cadre_id, points: 2}\n"


@pytest.fixture
async def world() -> AsyncIterator[PublicationWorld]:
    async with a_publication_world() as world:
        yield world


def found(text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a text."""
    book, faults = faults_of(text, load_whitelist(RULES / "whitelist.yaml"))
    assert (book is None) is bool(faults)
    return faults


def on(event: str) -> str:
    """The example, scoring another event."""
    return BOOK.replace(EVENT, event)


def where(field: str) -> str:
    """The example, looking at another field."""
    return BOOK.replace(TERMS, f"    where: {{{field}: 3}}\n{TERMS}")


async def test_a_sound_text_is_shown_as_it_was_read(world: PublicationWorld) -> None:
    checked = await world.done("organiser", "POST", "/check", {"text": BOOK})

    assert (checked["ok"], checked["faults"]) == (True, [])
    assert (checked["book"]["version"], checked["book"]["state"]) == ("2024.1", None)
    assert checked["book"]["rules"][0]["caps"] == [{"points": "2.00", "per": "week"}]


async def test_faults_are_an_answer_with_place_line_and_reason_and_nothing_is_stored(world: PublicationWorld) -> None:
    text = on("visits.visit.imagined.v1").replace("per: week", "per: year")
    checked = await world.done("county", "POST", "/check", {"text": text})

    assert (checked["ok"], checked["book"]) == (False, None)
    assert [(fault["place"], fault["line"]) for fault in checked["faults"]] == [
        ("rules.0.on", 11),
        ("rules.0.cap.per", 13),
    ]
    assert "没有名为 visits.visit.imagined.v1 的事件" in checked["faults"][0]["reason"]
    assert world.drafts.things == {}


async def test_a_request_of_another_shape_is_a_problem(world: PublicationWorld) -> None:
    assert (await world.refusal("county", "POST", "/check", {"yaml": BOOK}))[:2] == (422, "request.invalid")


async def test_who_does_not_work_on_rule_books_does_not_ask(world: PublicationWorld) -> None:
    assert (await world.refusal("member", "POST", "/check", {"text": BOOK}))[0] == 403


@pytest.mark.parametrize(
    ("event", "title"),
    [
        ("duties.meeting.signed-in.v1", "签到打卡"),
        ("members.check_in.recorded.v1", "签到打卡"),
        ("identity.login.succeeded.v1", "登录次数"),
        ("members.online.counted.v1", "在线时长"),
        ("visits.like.given.v1", "点赞"),
        ("visits.comment.posted.v1", "评论转发"),
        ("visits.photo.uploaded.v1", "照片截图"),
        ("visits.location.reported.v1", "定位轨迹"),
        ("visits.distance.measured.v1", "里程步数"),
        ("duties.finding.recorded.v1", "查摆问题数"),
        ("visits.problem.raised.v1", "受理诉求数"),
        ("visits.request.received.v1", "受理诉求数"),
        ("duties.talk.held.v1", "被约谈"),
        ("scoring.objection.filed.v1", "提出异议和申诉"),
        ("members.member.disposed.v1", "组织处置"),
        ("members.membership.ended.v1", "组织处置"),
        ("members.health.recorded.v1", "健康状况"),
        ("members.poverty.registered.v1", "贫困情况"),
        ("members.religion.recorded.v1", "个人身份特征"),
    ],
)
def test_an_event_that_never_scores_is_refused_with_its_reason(event: str, title: str) -> None:
    [fault] = found(on(event))

    assert (fault.place, fault.line) == (("rules", 0, "on"), 11)
    assert fault.reason.startswith(f"{title}（{event}）不得计分：")


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("signed_in", "签到打卡"),
        ("likes", "点赞"),
        ("online_minutes", "在线时长"),
        ("gps", "定位轨迹"),
        ("photos", "照片截图"),
        ("findings", "查摆问题数"),
        ("requests", "受理诉求数"),
        ("disposed", "组织处置"),
        ("health", "健康状况"),
        ("talks", "被约谈"),
        ("logins", "登录次数"),
        ("comments", "评论转发"),
        ("distance", "里程步数"),
        ("objections", "提出异议和申诉"),
        ("poverty", "贫困情况"),
        ("签到", "签到打卡"),
    ],
)
def test_a_field_that_never_scores_is_refused_with_its_reason(field: str, title: str) -> None:
    [fault] = found(where(field))

    assert (fault.place, fault.line) == (("rules", 0, "where", field), 12)
    assert fault.reason.startswith(f"{title}（{field}）不得计分：")


def test_an_entry_of_that_name_is_refused_with_its_reason_too() -> None:
    [fault] = found(BOOK.replace("points: 2}\n    cap", "points: 2, per_photo: 1}\n    cap"))

    assert fault.reason.startswith("照片截图（per_photo）不得计分")


def test_what_nobody_thought_of_is_refused_by_the_whitelist() -> None:
    [fault] = found(on("members.horoscope.cast.v1"))

    assert "没有名为 members.horoscope.cast.v1 的事件" in fault.reason


def test_of_several_events_each_is_refused_for_its_own_reason() -> None:
    reasons = [fault.reason for fault in found(on("[visits.photo.taken.v1, visits.visit.imagined.v1]"))]

    assert ["没有名为" in reason for reason in reasons] == [True, False]
    assert "照片" in reasons[1]


def test_a_title_may_speak_of_anything() -> None:
    assert found(BOOK.replace("title: 每周走访", "title: 每周走访（不看照片、定位和签到）")) == ()


def test_nothing_the_whitelist_admits_is_refused_by_name() -> None:
    whitelist, refused = load_whitelist(RULES / "whitelist.yaml"), shipped_refused()
    names = [*whitelist.fields, *(field for fields in whitelist.fields.values() for field in fields)]

    assert {name: reason for name in names if (reason := refused.reason_of(name)) is not None} == {}


def test_every_ground_has_its_reason_and_its_source() -> None:
    grounds = shipped_refused().grounds

    assert [ground.title for ground in grounds if not (ground.reason and ground.source and ground.names)] == []
    assert len({ground.title for ground in grounds}) == len(grounds)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (BOOK.replace("title: 联村干部履职", "title: &t 联村干部履职\nnote: *t"), 3, "不支持引用"),
        (f"{BOOK}title: 又一个标题\n", 14, "“title”写了两次"),
        (BOOK.replace("2024-01-01", "2024-13-45"), 5, "日期应写作 2024-01-01"),
        (BOOK.replace('"2024.1"', "2024.1"), 3, "请加引号"),
        (BOOK.replace("2024-01-01", "1066-01-01"), 5, "施行日期的年份须在"),
        (BOOK.replace("2024-01-01", "9999-01-01"), 5, "施行日期的年份须在"),
        (BOOK.replace("points: 2}\n    cap", f"points: {'9' * 5000}}}\n    cap"), None, "无法读取的数字"),
        ("[" * 5000, None, "层次过深"),
        (f"{BOOK}\0", None, "无法识别的字符"),
        (BOOK.replace("联村干部履职", "!!python/object:os.system x"), 2, "不是有效的 YAML"),
        ("考评细则", 1, "应分项填写"),
        ("", None, "应分项填写"),
        ("---\na: 1\n---\nb: 2\n", 3, "不是有效的 YAML"),
    ],
    ids=["alias", "twice", "no day", "number", "past", "future", "huge", "deep", "nul", "tag", "text", "empty", "two"],
)
def test_a_text_that_cannot_be_read_says_why(text: str, line: int | None, told: str) -> None:
    fault = found(text)[0]

    assert told in fault.reason
    assert fault.line == line
