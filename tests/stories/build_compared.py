"""What the county and an operator are told of a build that was shown."""

from deploy.local.stack import Stack
from tests.stories import county
from tests.stories.answers import scoring_command
from tests.stories.township import Township


async def the_county_sees_who_moved(stack: Stack, township: Township, before: str, quarters: tuple[str, str]) -> None:
    """Of two quarters the sealed one does not move, the running one by one rule; reckoned before anybody saw it."""
    shown = await county.build_shown(township)
    refused = await township.ask("organiser", "GET", f"/api/scoring/builds/{shown['id']}")
    compared = shown["comparison"]
    moved = {part["standard"]: part["moved"] for part in compared["standards"]}
    [cadres] = [part for part in compared["standards"] if part["standard"] == "cadre"]
    periods = {period["period"]: (period["up"], period["down"], period["unchanged"]) for period in cadres["periods"]}
    [mover] = cadres["movers"]
    [change] = mover["rules"]
    _, builds = await scoring_command(stack, "builds")

    assert (compared["beside"], compared["reason"], refused.status_code) == (before, None, 403)
    assert moved == {"branch": 0, "cadre": 1, "member": 0}
    assert periods == {quarters[0]: (0, 0, 2), quarters[1]: (1, 0, 1)}
    assert (mover["subject_id"], float(mover["before"]), float(mover["after"])) == (township.id("cadre"), 33.33, 36.67)
    assert (change["rule_id"], float(change["before"]), float(change["after"])) == ("weekly-visit", 10, 11)
    assert f"与得分版本 {before} 比较：得分变化 1 个" in builds
    assert township.id("cadre") not in builds
