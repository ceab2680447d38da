"""A rule book and what follows from its fields."""

from services.scoring.adapters.rule_files import load_generation


def test_a_changed_copy_looks_at_what_its_own_rules_name() -> None:
    [book] = load_generation().of("cadre")
    rule = next(rule for rule in book.rules if rule.id == "weekly-visit")
    assert len(book.looked_at) > 1

    copied = book.model_copy(update={"rules": (rule,), "attainable": (), "circumstances": ()})

    named = {name for way in rule.ways() for name in way.on}
    assert {name.removeprefix("xianfeng.") for name in copied.looked_at} == named
