"""Builds over HTTP: which there are, and what each changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.scoring.api.build_views import BuildInFull, BuildsView
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.read_builds import list_builds, read_build
from services.scoring.use_cases.require_draft import PUBLISHERS
from shared.kernel.access import Caller
from shared.web.access import allow

router = APIRouter(prefix="/api/scoring/builds", tags=["得分版本"])
Reader = Annotated[Caller, allow(*PUBLISHERS)]


async def _builds(request: Request) -> BuildsOnRecord:
    builds: BuildsOnRecord = request.app.state.builds
    return builds


BuildsOf = Annotated[BuildsOnRecord, Depends(_builds)]


@router.get("", summary="得分版本列表")
async def get_builds(caller: Reader, builds: BuildsOf) -> BuildsView:
    """启用的、正在生成的和保留的得分版本，最近提交的在前；各版本启用前与当时启用版本的比较，只含本县，不含名单。"""
    return BuildsView.of(await list_builds(caller, builds))


@router.get("/{build_id}", summary="查看得分版本")
async def get_build(build_id: str, caller: Reader, builds: BuildsOf) -> BuildInFull:
    """一个得分版本及其启用前的比较：本县哪些考评对象的得分有变化，由哪些规则引起。"""
    return BuildInFull.of(await read_build(build_id, caller, builds))
