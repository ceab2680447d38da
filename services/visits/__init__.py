"""Visits: cadres call on villages, note people's problems and see them solved (周调研走访1次，解决问题不少于3条)."""
