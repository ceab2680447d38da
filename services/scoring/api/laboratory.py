"""The laboratory over HTTP: try a rule book, follow the trial, read what came of it."""

import asyncio
import time
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.scoring.api.laboratory_forms import TrialForm
from services.scoring.api.laboratory_views import TrialInFull, TrialProgressView, TrialView
from services.scoring.domain.draft import DraftId
from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.cancel_trial import CancelTrial, cancel_trial
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts, TrialListing
from services.scoring.use_cases.read_trials import ListTrials, list_trials, read_trial
from services.scoring.use_cases.require_trial import TRIERS
from services.scoring.use_cases.try_rule_book import TryRuleBook, try_rule_book
from shared.kernel.access import Caller
from shared.web.access import allow
from shared.web.pages import Page, Wanted, an_instant
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/scoring/laboratory", tags=["细则测算"])
Trier = Annotated[Caller, allow(*TRIERS)]
LOOK_SECONDS = 0.5
LONGEST_SECONDS = 600.0
"""A stream ends after this long, done or not: by then its token may have run out, and who still wants it resumes."""
_RETRY_MILLISECONDS = 2_000


async def _laboratory(request: Request) -> LaboratoryPorts:
    laboratory: LaboratoryPorts = request.app.state.laboratory
    return laboratory


LaboratoryOf = Annotated[LaboratoryPorts, Depends(_laboratory)]


async def _followed(trial_id: str, caller: Trier, laboratory: LaboratoryOf) -> Trial:
    """The trial to follow, asked for before the stream begins: inside it nothing can be refused any more."""
    return await read_trial(TrialId(trial_id), caller, laboratory)


@router.post("", status_code=status.HTTP_202_ACCEPTED, summary="提交细则测算")
async def post_trial(form: TrialForm, caller: Trier, laboratory: LaboratoryOf, response: Response) -> TrialView:
    """用全部事实比较现行细则与所填细则之下的得分；排队进行，不影响任何得分。同一编号、同一内容重复提交，返回原测算。"""
    command = TryRuleBook(
        by=caller,
        trial_id=TrialId(form.id),
        first_period=form.first_period,
        last_period=form.last_period,
        text=form.text,
        draft_id=None if form.draft_id is None else DraftId(form.draft_id),
        organisation_id=form.organisation_id,
    )
    trial = await try_rule_book(command, laboratory)
    tag(response, trial.revision)
    return TrialView.of(trial)


@router.get("", summary="测算列表")
async def get_trials(caller: Trier, laboratory: LaboratoryOf, wanted: Wanted) -> Page[TrialView]:
    """管理范围内的测算，最近提交的在前；结果保留 30 天。"""
    asked = ListTrials(caller, wanted.one_more, wanted.after_key(an_instant, str))
    return wanted.page(await list_trials(asked, laboratory), TrialView.of, TrialListing.key)


@router.get("/{trial_id}", summary="查看测算")
async def get_trial(trial_id: str, caller: Trier, laboratory: LaboratoryOf, response: Response) -> TrialInFull:
    """一次测算的状态、进度和结果；ETag 为其版本号。"""
    trial = await read_trial(TrialId(trial_id), caller, laboratory)
    tag(response, trial.revision)
    return TrialInFull.of(trial)


@router.put("/{trial_id}/cancellation", summary="取消测算")
async def put_trial_cancellation(
    trial_id: str, caller: Trier, seen: SeenRevision, laboratory: LaboratoryOf, response: Response
) -> TrialView:
    """不再需要的测算；正在进行的随即停止。"""
    trial = await cancel_trial(CancelTrial(caller, TrialId(trial_id), seen), laboratory)
    tag(response, trial.revision)
    return TrialView.of(trial)


@router.get("/{trial_id}/progress", summary="跟踪测算进度", response_class=EventSourceResponse)
async def get_trial_progress(
    caller: Trier,  # noqa: ARG001 - asked first, as everywhere
    trial: Annotated[Trial, Depends(_followed)],
    laboratory: LaboratoryOf,
    last_event_id: Annotated[str | None, Header(description="断线之前收到的最后一个事件编号")] = None,
) -> AsyncIterable[ServerSentEvent]:
    """事件流：progress 进度，结束时 done、cancelled 或 failed，随后自行关闭；断线后带 Last-Event-ID 续接。"""
    until = time.monotonic() + LONGEST_SECONDS
    told = last_event_id
    now: Trial | None = trial
    while now is not None:
        name = _event_id(now)
        if name != told:
            told = name
            yield ServerSentEvent(
                event=now.state if now.is_over else "progress",
                id=name,
                data=TrialProgressView.of(now),
                retry=_RETRY_MILLISECONDS,
            )
        if now.is_over or time.monotonic() > until:
            return
        await asyncio.sleep(LOOK_SECONDS)
        now = await laboratory.trials.find(now.id)


def _event_id(trial: Trial) -> str:
    """The name of what is told: another one whenever there is news."""
    return f"{trial.state}-{trial.attempts}-{trial.progress.facts}"
