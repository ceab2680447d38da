"""The demo's accounts: one a role, one more for the neighbouring township."""

from dataclasses import dataclass
from typing import Any

from deploy.demo.townships import (
    COUNTY,
    HOME_BRANCH,
    NEIGHBOUR,
    TOWNSHIP,
    branches,
    cadre_id,
    demo_id,
    members_of,
)
from shared.kernel.access import Role

SECRETARY, ORGANISER, BRANCH_SECRETARY = "书记", "组织委员", "支部书记"
CADRE, MEMBER, COUNTY_ORGANISER, SUPERVISOR = "联村干部", "党员", "县委组织部", "监督员"
NEIGHBOUR_ORGANISER = "邻乡组织委员"
ADMINISTRATOR = "admin"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who logs in as whom."""

    username: str
    role: Role
    scope: str
    person_id: str

    def form(self, password: str) -> dict[str, Any]:
        """The request that opens it."""
        return {
            "id": demo_id("account", self.username),
            "username": self.username,
            "person_id": self.person_id,
            "roles": [{"role": self.role.value, "scope": self.scope}],
            "password": password,
            "must_change": False,  # the operator's own file holds it, and the demo runs unattended
        }


def accounts() -> tuple[DemoAccount, ...]:
    """All but the administrator."""
    home = next(branch for branch in branches() if branch.id == HOME_BRANCH)
    secretary, member, *_ = members_of(home)
    return (
        DemoAccount(SECRETARY, Role.SECRETARY, TOWNSHIP, demo_id("secretary")),
        DemoAccount(ORGANISER, Role.ORGANISER, TOWNSHIP, demo_id("organiser")),
        DemoAccount(BRANCH_SECRETARY, Role.BRANCH_SECRETARY, HOME_BRANCH, secretary.person_id),
        DemoAccount(CADRE, Role.CADRE, TOWNSHIP, cadre_id(1)),
        DemoAccount(MEMBER, Role.MEMBER, HOME_BRANCH, member.person_id),
        DemoAccount(COUNTY_ORGANISER, Role.COUNTY_ORGANISER, COUNTY, demo_id("county organiser")),
        DemoAccount(SUPERVISOR, Role.SUPERVISOR, TOWNSHIP, demo_id("supervisor")),
        DemoAccount(NEIGHBOUR_ORGANISER, Role.ORGANISER, NEIGHBOUR, demo_id("neighbouring organiser")),
    )
