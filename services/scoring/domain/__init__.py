"""What the standards say: rule books, awards, cards, scores; pure and frozen."""
