"""The access matrix: a row for every route says who may call it, about what, and with which valid request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.access import Role
from tests.contract.access.places import HERE, HOMES, LEVELS, Home, Level

EVERYONE = frozenset(Role)
BUSINESS = EVERYONE - {Role.ADMINISTRATOR}
DESK = frozenset({Role.SECRETARY, Role.ORGANISER})
OVERSIGHT = DESK | {Role.BRANCH_SECRETARY, Role.COUNTY_ORGANISER}
CADRE = frozenset({Role.CADRE})
FORBIDDEN, HIDDEN = 403, 404


@dataclass(frozen=True, slots=True)
class Row:
    """Who may call a route.

    `may`: in whose scope the object lies. `own`: only for what is his own. `knocks`: let in by the route, and no
    further. Who is let in and may not is answered `refusal` inside his scope and 404 outside; a list is empty for him.
    Everybody else is answered 403 wherever he stands. Every row holds a request that is valid as it is.
    """

    route: str
    may: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()
    knocks: frozenset[Role] = frozenset()
    case: str = ""
    """What tells it from other rows of the route, in the words of the documentation."""
    at: Level | None = "branch"
    """Where the object hangs; None for a route that concerns no object of the tree."""
    from_below: bool = False
    """Whether it is there for all who hold the role anywhere in the county, which it hangs at."""
    refusal: int = FORBIDDEN
    owner: str = HERE.cadre
    """The person whose own the object is."""
    own_anywhere: bool = True
    """Whether it stays his own when his role lies over another township."""
    lists: tuple[str, ...] = ()
    """For a list: the kinds of things it shows, all of them the owner's."""
    others: tuple[str, ...] = ()
    """For a list: the kinds of things it shows that are somebody else's."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Path parameters: the kind of thing each names."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Path parameters that name no thing."""
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    seen: int | None = None
    is_open: bool = False

    @property
    def method(self) -> str:
        """GET, POST or PUT."""
        return self.route.split(" ")[0]

    @property
    def template(self) -> str:
        """The path with its parameters' names."""
        return self.route.split(" ")[1]

    @property
    def let_in(self) -> frozenset[Role]:
        """The roles the route itself names."""
        return self.may | self.own | self.knocks

    def covers(self, scope: str, home: Home = HERE) -> bool:
        """Whether the object of that home lies in the scope."""
        if self.from_below:
            return any(scope in each.segments("branch") for each in HOMES if each.county == home.county)
        return self.at is None or scope in home.segments(self.at)

    def mark(self, role: Role) -> str:
        """What the documentation shows for a role that is held where it usually is."""
        levels = ("county", "township", "branch")
        reaches = (
            self.at is None
            or self.from_below
            or levels.index(LEVELS[role]) <= levels.index(self.at)
            or bool(self.lists)
        )
        if role in self.may and reaches:
            return "●"
        return "○" if role in self.own else "—"
