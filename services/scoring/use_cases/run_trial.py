"""Run a trial: fold all facts under the books in force and under the draft, and compare what comes of it.

For a process of its own, because folding blocks. It reads the log and the directory and writes the trial, nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card
from services.scoring.domain.comparison import Tried, compare
from services.scoring.domain.periods import Asked
from services.scoring.domain.score import Score, mean, score
from services.scoring.domain.subject import Subject
from services.scoring.domain.tally_sheet import TallySheet
from services.scoring.domain.trial import Trial, TrialId, TrialProgress, TrialSetting, set_up
from services.scoring.use_cases.directory_ports import Listing
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.read_score import list_subjects
from shared.kernel.errors import DomainError

_PAGE = 500
_TELL_EVERY = 20_000
"""Facts between two words of progress: about a second."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """Who is scored in a period, before and after."""

    subjects: Mapping[str, Subject]
    before: frozenset[str]
    after: frozenset[str]


async def run_trial(trial_id: TrialId, ports: LaboratoryPorts) -> Trial | None:
    """Fold, compare and write the result; gives the trial as it is then, None when it was over before or meanwhile.

    A trial whose books no longer fit its periods fails with the reason. Raises Unavailable: then nothing is decided,
    and whoever started it begins again.
    """
    trial = await ports.trials.find(trial_id)
    if trial is None or trial.is_over:
        return None
    try:
        setting = set_up(await ports.publication.books.live(), trial.book, trial.first_period, trial.last_period)
    except DomainError as refusal:
        ended = trial.fail(str(refusal), at=ports.clock.now())
        return ended if await ports.trials.keep(ended, attempts=trial.attempts) else None
    scored = [await _scored(trial, before, after, ports) for before, after in setting.asked]
    everybody = {subject_id for each in scored for subject_id in each.subjects}
    sheet = TallySheet(
        trial.standard, (setting.before, setting.after), subjects=everybody, periods=setting.card_periods
    )
    folded = await _folded(trial, sheet, ports)
    if folded is None:
        return None
    result = compare(_tried(setting, scored, sheet), [before.period.name for before, _ in setting.asked])
    ended = folded.finish(result, as_if_from=setting.as_if_from, at=ports.clock.now())
    return ended if await ports.trials.keep(ended, attempts=trial.attempts) else None


async def _folded(trial: Trial, sheet: TallySheet, ports: LaboratoryPorts) -> Trial | None:
    """The trial with all facts up to now in its sheet; None when it was ended meanwhile."""
    ends = await ports.log.ends()
    facts = told = 0
    total = sum(ends.values())
    async for batch in ports.log.facts(ends, sheet.types):
        sheet.add(batch)
        facts += len(batch)
        if facts - told >= _TELL_EVERY or told == 0:
            told = facts
            trial = trial.folded(TrialProgress(facts, total))
            if not await ports.trials.keep(trial, attempts=trial.attempts):
                return None
    return trial.folded(TrialProgress(facts, total))


async def _scored(trial: Trial, before: Asked, after: Asked, ports: LaboratoryPorts) -> _Scored:
    found = [await _listed(trial, asked, ports) for asked in (before, after)]
    return _Scored({**found[1], **found[0]}, frozenset(found[0]), frozenset(found[1]))


async def _listed(trial: Trial, asked: Asked, ports: LaboratoryPorts) -> Mapping[str, Subject]:
    """Whom the book scores in the period, below the trial's organisation."""
    found: dict[str, Subject] = {}
    after: str | None = None
    while True:
        listing = Listing(
            applies_to=asked.parts[-1][1].applies_to,
            scopes=frozenset({trial.path.organisation_id}),
            period=asked.period,
            limit=_PAGE,
            after=after,
        )
        page = await list_subjects(trial.standard, ports.directory, listing)
        found.update({subject.id: subject for subject in page})
        if len(page) < _PAGE:
            return found
        after = page[-1].id


def _tried(setting: TrialSetting, scored: Sequence[_Scored], sheet: TallySheet) -> Iterator[Tried]:
    """Everybody in every period; each one's cards are made once."""
    for subject_id in sorted({subject_id for each in scored for subject_id in each.subjects}):
        cards = sheet.cards(subject_id)
        for (before, after), each in zip(setting.asked, scored, strict=True):
            if subject_id in each.subjects:
                subject = each.subjects[subject_id]
                yield Tried(
                    subject_id,
                    before.period.name,
                    _score(subject, before, cards[0]) if subject_id in each.before else None,
                    _score(subject, after, cards[1]) if subject_id in each.after else None,
                )


def _score(subject: Subject, asked: Asked, cards: Mapping[CardKey, Card]) -> Score:
    """The score as the subject's cards alone make it, whatever was sealed."""
    parts = []
    for period, book in asked.parts:
        key = CardKey(subject.standard, subject.id, period.name)
        parts.append(
            score(cards.get(key, Card(key)), book, cards.get(key.lasting, Card(key.lasting)), subject.category)
        )
    return parts[0] if asked.is_whole else mean(CardKey(subject.standard, subject.id, asked.period.name), parts)
