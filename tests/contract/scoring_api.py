"""scoring's api over in-memory stores, with one of each thing in it."""

from dataclasses import replace

from fastapi import FastAPI

from services.scoring.adapters import in_memory as memory
from services.scoring.adapters.builds import RegisteredBuilds
from services.scoring.adapters.in_memory_builds import InMemoryBuildComparisons, InMemoryRegister
from services.scoring.adapters.in_memory_closings import in_memory_closings
from services.scoring.adapters.in_memory_decisions import InMemoryChanges, in_memory_decisions
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.in_memory_records import in_memory_records
from services.scoring.adapters.in_memory_trials import in_memory_laboratory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.api.changes import Broadcast
from services.scoring.bootstrap import Beside, api_over
from services.scoring.domain.awards import CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.build_register import BuildRegister
from services.scoring.domain.closing import Closing
from services.scoring.domain.comparison import Tried, compare
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.trial import TrialId
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.run_trial import run_trial
from shared.events import members
from shared.kernel.access import OrganisationPath
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from tests.contract.things import BODIES, BRANCH, COUNTY, IDS, LONG_AGO, TOWNSHIP
from tests.contract.told import callers, do, told
from tests.unit.scoring.domain.test_comparison import scored
from tests.unit.scoring.record_world import an_award


async def scoring_api() -> FastAPI:
    """scoring with a branch, a cadre, a member, a deed, a review mark, an objection and a draft of a rule book."""
    ports = Ports(
        generation=load_generation(),
        ledger=memory.InMemoryLedger(),
        cards=memory.InMemoryCards(),
        announcements=memory.InMemoryAnnouncements(),
        seals=memory.InMemorySeals(),
        notices=memory.InMemoryNotices(),
        directory=InMemoryDirectory(),
        clock=StoppedClock(),
    )
    await fold_facts(told(), ports)
    publishing = in_memory_publication(ports.directory, ports.clock, *ports.generation.books)
    recorded = in_memory_records(ports.directory, ports.ledger, ports.clock)
    closing_ports = in_memory_closings(ports, recorded.objections)
    trying = in_memory_laboratory(publishing, ports.directory, ports.clock)
    beside = Beside(
        publication=publishing,
        records=recorded,
        decisions=in_memory_decisions(ports.clock),
        closings=closing_ports,
        laboratory=trying,
        builds=await _a_build(ports),
        changes=Broadcast(InMemoryChanges(), stream_seconds=0),
    )
    app = api_over(ports, KnownCallers(callers()), (), beside)
    enrolled = members.MemberEnrolled(
        member_id=IDS["member_id"], branch_id=BRANCH, standing="full", occurred_on=LONG_AGO
    )
    await fold_facts([a_fact(enrolled, subject=IDS["member_id"], path=f"{COUNTY}/{TOWNSHIP}/{BRANCH}")], ports)
    await ports.ledger.add([an_award(card=CardKey("branch", BRANCH, "2023-Q4"))])
    await do(
        app,
        ("POST", "/api/scoring/rule-books/drafts", BODIES["POST /api/scoring/rule-books/drafts"]),
        ("POST", "/api/scoring/deeds", BODIES["POST /api/scoring/deeds"]),
        ("POST", "/api/scoring/objections", BODIES["POST /api/scoring/objections"]),
        (
            "PUT",
            f"/api/scoring/reviews/{BRANCH}/2023",
            BODIES["PUT /api/scoring/reviews/{branch_id}/{year}"],
        ),
        ("POST", "/api/scoring/laboratory", BODIES["POST /api/scoring/laboratory"]),
    )
    await run_trial(TrialId(IDS["trial_id"]), trying)
    notice = Notice(ports.clock.today())
    by = next(iter(callers().values()))
    closing, opened = Closing.open(
        "branch", OrganisationPath((COUNTY, TOWNSHIP)), "2023", notice=notice, by=by, at=ports.clock.now()
    )
    await closing_ports.closings.save(closing, opened)
    return app


async def _a_build(ports: Ports) -> BuildsOnRecord:
    """One that is live, and moved somebody when it was shown."""
    before = Build.first(ports.generation, ports.clock.now())
    live = replace(before, id=IDS["build_id"])
    score = scored("cadre", weekly_visit=200, weekly_attainable=500)
    less = scored("cadre", weekly_visit=100, weekly_attainable=500)
    moved = compare([Tried(IDS["member_id"], "2023-Q4", score, less)], ["2023-Q4"])
    comparison = BuildComparison.of(live, before, ports.clock.now())
    comparisons = InMemoryBuildComparisons()
    await comparisons.keep(comparison.with_parts([CountyComparison(COUNTY, "cadre", moved)]))
    register = InMemoryRegister(BuildRegister((live,), 1, ports.generation.id))
    return BuildsOnRecord(RegisteredBuilds(register), comparisons)
