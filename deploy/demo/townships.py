"""Who there is: the county, the township of the report and its neighbour, their branches, members and cadres.

The report speaks of 12 + 30 branches that applied for stars, 11 villages, one village general branch that was put in
order, four disposals; the rest is invented, and every title says 演示.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.chance import SEED, between, one_of
from shared.events.members import Category, OrganisationKind, Post, Standing
from shared.kernel.ids import derived_id

VILLAGES_WITH_GENERAL_BRANCH = {"柳湾村": 4, "桃源村": 3, "青山村": 3}
"""柳湾村党总支 stands for the weak general branch of the report."""
OTHER_VILLAGES = ("石桥村", "溪口村", "东岭村", "松坪村", "梅园村", "沙洲村", "竹坝村", "荷塘村")
OFFICES = ("党政办", "财政所", "司法所", "卫生院", "中心小学", "中学")
MORE_OFFICES = ("农技站", "林业站", "水利站", "文化站", "社会事务办", "退休干部")
ENTERPRISES = ("茶业", "米业", "竹制品", "服饰", "机械", "食品")
LONE_ENTERPRISES = ("物流", "建材", "旅游", "电商", "养殖", "花卉", "酒业", "家具")
CADRES = 20
HOUSEHOLDS = 76
"""结对贫困户76户: opaque references, nobody behind them."""
_FIRST_JOINED, _JOINED_WITHIN_DAYS = date(1978, 7, 1), 16_000
_FEWEST_MEMBERS, _MOST_MEMBERS = 5, 9
_COMMITTEE_FROM = 7
"""支部工作条例: seven full members have a committee."""
_GROUPS_FROM = 9


def demo_id(*parts: object) -> str:
    """The id of something in the demo."""
    return derived_id(SEED, *parts)


COUNTY, TOWNSHIP, NEIGHBOUR = demo_id("county"), demo_id("township"), demo_id("neighbour")
HOME_BRANCH = demo_id("branch", "石桥村党支部")
"""The branch of the accounts 支部书记 and 党员; the account 联村干部 visits it."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A row of the tree."""

    id: str
    kind: OrganisationKind
    title: str
    parent_id: str | None = None
    category: Category | None = None
    code: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a branch; the name is a number."""

    id: str
    person_id: str
    branch_id: str
    name: str
    standing: Standing
    joined_on: date


@dataclass(frozen=True, slots=True)
class Posting:
    """A post somebody holds."""

    id: str
    person_id: str
    organisation_id: str
    post: Post
    name: str
    starts_on: date
    ends_on: date | None = None


def general_branches() -> Iterator[Organisation]:
    """Three of villages, one of offices, one of enterprises."""
    titles = [f"{village}党总支" for village in VILLAGES_WITH_GENERAL_BRANCH] + ["机关党总支", "非公企业党总支"]
    for number, title in enumerate(titles):
        yield Organisation(
            demo_id("general branch", title), "general_branch", f"演示·{title}", TOWNSHIP, code=f"YS-G{number:02}"
        )


def branches() -> tuple[Organisation, ...]:
    """The township's 44 branches, villages first."""
    found: list[Organisation] = []

    def add(title: str, category: Category, parent: str = TOWNSHIP) -> None:
        size = between(_FEWEST_MEMBERS, _MOST_MEMBERS, "size", title)
        code = f"YS-{len(found) + 1:03}"
        found.append(Organisation(demo_id("branch", title), "branch", f"演示·{title}", parent, category, code, size))

    for village in OTHER_VILLAGES:
        add(f"{village}党支部", "village")
    for village, count in VILLAGES_WITH_GENERAL_BRANCH.items():
        for number in range(1, count + 1):
            add(f"{village}第{number}党支部", "village", demo_id("general branch", f"{village}党总支"))
    for office in (*OFFICES, *MORE_OFFICES):
        add(f"{office}党支部", "office", demo_id("general branch", "机关党总支"))
    for enterprise in ENTERPRISES:
        add(f"{enterprise}公司党支部", "enterprise", demo_id("general branch", "非公企业党总支"))
    for enterprise in LONE_ENTERPRISES:
        add(f"{enterprise}公司党支部", "enterprise")
    return tuple(found)


def neighbouring_branches() -> tuple[Organisation, ...]:
    """The three branches of the other township, there so that isolation can be seen."""
    return tuple(
        Organisation(
            demo_id("neighbouring branch", title),
            "branch",
            f"演示·{title}",
            NEIGHBOUR,
            "village",
            f"YS-N{number}",
            size=5,
        )
        for number, title in enumerate(("北坡村党支部", "南坡村党支部", "渡口村党支部"), start=1)
    )


def members_of(branch: Organisation) -> Iterator[Member]:
    """As many members as the branch has; the first is its secretary."""
    for number in range(branch.size):
        joined_on = _FIRST_JOINED + timedelta(days=between(0, _JOINED_WITHIN_DAYS, "joined", branch.id, number))
        standing: Standing = one_of(("full",) * 19 + ("probationary",), "standing", branch.id, number)
        yield Member(
            id=demo_id("member", branch.id, number),
            person_id=demo_id("person", branch.id, number),
            branch_id=branch.id,
            name=f"演示党员{branch.code}-{number + 1:02}",
            standing=standing if number else "full",
            joined_on=joined_on,
        )


def has_committee(branch: Organisation) -> bool:
    """Whether the branch is large enough for a committee."""
    return branch.size >= _COMMITTEE_FROM


def has_groups(branch: Organisation) -> bool:
    """Whether the branch is large enough for groups."""
    return branch.size >= _GROUPS_FROM


def cadre_id(number: int) -> str:
    """The person of a 联村干部; number 0 stands for the one who left."""
    return demo_id("cadre", number)


def cadre_branches() -> tuple[Organisation, ...]:
    """Where the cadres visit: number 1 the home branch, then village after village, then again from the first."""
    villages = [branch for branch in branches() if branch.category == "village"]
    return tuple(villages[number % len(villages)] for number in range(CADRES))


LEFT_ON, SUCCESSOR_FROM = date(2024, 1, 5), date(2024, 1, 8)
"""Number 0 handed his village over to number 20 after the year of the report."""


def postings() -> Iterator[Posting]:
    """Everybody's posts in the township: cadres, first secretaries, leaders, branch secretaries."""
    places = cadre_branches()
    yield _cadre(0, places[-1].id, date(2022, 3, 1), LEFT_ON)
    for number in range(1, CADRES + 1):
        starts_on = SUCCESSOR_FROM if number == CADRES else date(2022, 3, 1)
        yield _cadre(number, places[number - 1].id, starts_on)
    for number in range(4):
        person = demo_id("first secretary", number)
        place = places[10 + number].id
        yield Posting(
            demo_id("posting", person),
            person,
            place,
            "first_secretary",
            f"演示第一书记{number + 1:02}",
            date(2023, 5, 4),
        )
    for number in range(3):
        person = demo_id("leader", number)
        yield Posting(
            demo_id("posting", person), person, TOWNSHIP, "leader", f"演示领导{number + 1:02}", date(2021, 10, 8)
        )
    for branch in branches():
        secretary = next(members_of(branch))
        yield Posting(
            id=demo_id("posting", secretary.person_id),
            person_id=secretary.person_id,
            organisation_id=branch.id,
            post="branch_secretary",
            name=secretary.name,
            starts_on=date(2021, 3, 1),
        )


def neighbouring_posting() -> Posting:
    """The one cadre of the other township."""
    person = demo_id("neighbouring cadre")
    place = neighbouring_branches()[0].id
    return Posting(demo_id("posting", person), person, place, "village_cadre", "演示邻乡干部01", date(2022, 3, 1))


def _cadre(number: int, place: str, starts_on: date, ends_on: date | None = None) -> Posting:
    person = cadre_id(number)
    name = f"演示联村干部{number:02}"
    return Posting(demo_id("posting", person), person, place, "village_cadre", name, starts_on, ends_on)
