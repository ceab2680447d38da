"""Live, explainable scores: a fold of facts into an immutable ledger, cards of totals, and points."""
