"""Which ids were met lately: a log brings many a fact twice, and refusing an entry costs the store most."""

_AT_MOST = 100_000


class RecentIds:
    """Remembers the last ids exactly, between one and two times `at_most` of them, and forgets older ones."""

    def __init__(self, at_most: int = _AT_MOST) -> None:
        self._at_most = at_most
        self._new: set[str] = set()
        self._old: set[str] = set()

    def meet(self, id_: str) -> bool:
        """Whether the id is met for the first time, as far as is remembered."""
        if id_ in self._new:
            return False
        known = id_ in self._old
        self._new.add(id_)
        if len(self._new) >= self._at_most:
            self._old, self._new = self._new, set()
        return not known

    def forget(self) -> None:
        """Remember none."""
        self._new, self._old = set(), set()
