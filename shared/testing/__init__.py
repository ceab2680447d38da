"""For tests only: in-memory adapters, the suites they share with the real ones, builders, a clock that stands still."""
