"""Periods by name."""

import pytest

from shared.kernel.calendar import Period


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("1900", "1900-01-01", "1900-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2999-Q4", "2999-10-01", "2999-12-31"),
        ("2999-12", "2999-12-01", "2999-12-31"),
    ],
)
def test_a_name_is_read_as_its_days(name: str, first: str, last: str) -> None:
    period = Period.parse(name)

    assert (period.first.isoformat(), period.last.isoformat(), period.name) == (first, last, name)


@pytest.mark.parametrize(
    "name", ["", "0000", "0001", "0001-W01", "1899", "9999", "9999-Q4", "9999-12", "9999-W52", "2026-Q5", "２０２６"]
)
def test_what_names_no_days_anybody_means_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="names no"):
        Period.parse(name)
