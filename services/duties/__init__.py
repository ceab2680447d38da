"""Duties: branches hold their meetings (三会一课、主题党日), weak organisations are put in order (软弱涣散整顿)."""
