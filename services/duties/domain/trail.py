"""The words of a trail (办理痕迹): what can be done to a meeting or to a listing of a weak organisation."""

from typing import Literal

What = Literal["held", "corrected", "withdrawn", "listed", "accepted"]
