"""docs/access.md says what the access matrix says, about every role."""

from shared.kernel.access import Role
from tests.contract.access.page import PAGE, ROLES, page


def test_the_page_is_up_to_date() -> None:
    assert page() == PAGE.read_text("utf-8"), "python -m tests.contract.access.page"


def test_every_role_has_a_name_people_read() -> None:
    assert set(ROLES) == set(Role)
