"""The words of a trail (办理痕迹): what can be done to a visit or a problem."""

from typing import Literal

What = Literal[
    "logged",
    "corrected",
    "withdrawn",
    "raised",
    "assigned",
    "resolved",
    "resolution_withdrawn",
    "confirmed",
    "reopened",
    "unreached",
]
