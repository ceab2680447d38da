"""Points in hundredths, as integers, so that sums are exact in any order; and how they are written."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

HUNDREDTHS = 100
FULL = 100 * HUNDREDTHS


def hundredths(value: object) -> int:
    """Points as people write them (`2`, `-0.5`) in hundredths; raises ValueError beyond two decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("分值须为数字")  # noqa: TRY004 - pydantic turns ValueError into the refusal
    try:
        exact = Decimal(str(value)) * HUNDREDTHS
    except InvalidOperation:
        raise ValueError("分值须为数字") from None
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise ValueError("分值最多两位小数")
    return int(exact)


def decimal_points(points: int) -> Decimal:
    """Hundredths as people read them."""
    return (Decimal(points) / HUNDREDTHS).quantize(Decimal("0.01"))


def divided(dividend: int, divisor: int) -> int:
    """Whole-number division, halves away from zero, as people round by hand."""
    rounded = (2 * abs(dividend) + divisor) // (2 * divisor)
    return rounded if dividend >= 0 else -rounded


def _written(points: int) -> str:
    return str(decimal_points(points))


Points = Annotated[int, BeforeValidator(hundredths), PlainSerializer(_written, when_used="json")]
"""Written as people write them, also in JSON, so that what is read back is what was written."""
