"""Where objects and people of the walk are: three townships in two counties, alike in everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.kernel.access import Role
from shared.kernel.ids import derived_id

Level = Literal["county", "township", "branch"]
LEVELS: dict[Role, Level] = {
    Role.SECRETARY: "township",
    Role.ORGANISER: "township",
    Role.BRANCH_SECRETARY: "branch",
    Role.CADRE: "township",
    Role.MEMBER: "branch",
    Role.COUNTY_ORGANISER: "county",
    Role.SUPERVISOR: "township",
    Role.ADMINISTRATOR: "county",
}
"""Over what a role is usually held; an administrator never is, which makes him the bolder to try."""


@dataclass(frozen=True, slots=True)
class Home:
    """A township with a branch, a cadre posted there and a member."""

    name: str
    county: str
    township: str
    branch: str
    cadre: str
    member: str

    def segments(self, level: Level) -> tuple[str, ...]:
        """The place of an object of that level in the tree."""
        depth = {"county": 1, "township": 2, "branch": 3}[level]
        return (self.county, self.township, self.branch)[:depth]

    def scope(self, role: Role) -> str:
        """Over what somebody here holds the role."""
        return self.segments(LEVELS[role])[-1]

    def an(self, kind: str) -> str:
        """The id of the thing of this kind that is here."""
        known = {"county": self.county, "township": self.township, "branch": self.branch, "cadre": self.cadre}
        return known.get(kind) or derived_id("access", self.name, kind)


def _home(name: str, county: str) -> Home:
    rest = (derived_id("access", name, part) for part in ("township", "branch", "cadre", "member"))
    return Home(name, county, *rest)


COUNTY = derived_id("county")
HERE = Home("here", COUNTY, derived_id("township"), derived_id("branch"), derived_id("cadre"), derived_id("member"))
"""The place the units' small worlds are about; what is asked for lies here."""
NEAR = _home("near", COUNTY)
"""Another township of the same county."""
FAR = _home("far", derived_id("another county"))
"""Another county."""
HOMES = (HERE, NEAR, FAR)
COLLEAGUE = derived_id("colleague")


def almost_here() -> Iterator[str]:
    """Scopes that begin, end or look like one of ours, and are none."""
    for id_ in HERE.segments("branch"):
        yield from (id_[:-1], id_[:8], f"{id_}0", id_[1:], id_.upper())
    yield from ("/".join(HERE.segments("township")), "/".join(HERE.segments("branch")), f"{HERE.township}/")
    yield from ("", "*", "/", ".*", "%")
