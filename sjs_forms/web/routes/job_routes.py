"""Routes that start, follow and end jobs: builds, forms, drafts for the preview, signed scans."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sjs_forms.base.progress import Stage
from sjs_forms.base.stage_names import STAGE_NAMES
from sjs_forms.web.routes.requests import body, in_thread, live, text_of, workspace
from sjs_forms.web.views.rendering import DataResponse
from sjs_forms.web.wording.scan_verdicts import told
from sjs_forms.web.workspace.jobs import Job, build_order
from sjs_forms.web.workspace.open_application import View
from sjs_forms.web.workspace.results import draft_folder, finished_folder, forms_folder
from sjs_forms.web.workspace.workspace import Workspace

_BEAT = 1.0
"""Seconds between keep-alive messages if a log has no new line."""
_DECISION = re.compile(r"(\d{1,5})=(不用|[a-z0-9-]+:\d{1,4}(:(0|90|180|270))?)")


async def start(request: Request) -> Response:
    """Start a build, a draft for the preview, the forms, or the reading of the papers."""
    opened, here, jobs = live(request), workspace(request), workspace(request).jobs
    given = await body(request)
    view = await in_thread(opened.view)
    kind = given.get("kind")
    if kind == "build":
        options = _options(given, view)
        draft = bool(options["draft"])
        out = draft_folder(opened.folder) if draft else finished_folder(opened.folder)
        if given.get("since") is True and not draft and finished_folder(opened.folder).is_dir():
            options["since"] = str(finished_folder(opened.folder))
        order = build_order(opened.file, out, options)
    elif kind == "draft":
        order = build_order(opened.file, here.draft_out, {"draft": True})
    elif kind == "fill":
        out = forms_folder(opened.folder)
        order = {"kind": "fill", "place": str(opened.file), "out": str(out)}
    elif kind == "read":
        await in_thread(here.clear_reading)
        order = {"kind": "read", "place": str(opened.file), "pictures": str(here.reading_pictures)}
    else:
        raise HTTPException(400, "看不懂这个请求。")
    job = await in_thread(jobs.start, kind, order, view.state.revision)
    return DataResponse({"job": job.id})


def _options(given: dict[str, Any], view: View) -> dict[str, Any]:
    """Return the options of a build; values that the page does not offer are ignored."""
    stocks = [stock.id for stock in view.programme.print.stocks]
    stock = given.get("stock")
    return {
        "draft": given.get("draft") is True,
        "stock": stock if stock in stocks else None,
        "dividers": "paper" if given.get("dividers") == "paper" else "ink",
        "split": given.get("split") is True,
        "split_colour": given.get("split_colour") is True,
    }


def _job(request: Request) -> Job:
    job = workspace(request).jobs.get(request.path_params["job"])
    if job is None:
        raise HTTPException(404, "这项工作已经不在了，请刷新页面。")
    return job


async def events(request: Request) -> Response:
    """Send the log of a job as server-sent events, after the last one that was received."""
    job = _job(request)
    seen = request.headers.get("last-event-id", "")
    after = int(seen) if seen.isdecimal() else 0

    async def log() -> AsyncIterator[str]:
        at = after
        while True:
            lines = await in_thread(job.lines, at, _BEAT)
            for line in lines:
                at += 1
                shown = json.dumps(_for_page(line), ensure_ascii=True)
                yield f"id: {at}\ndata: {shown}\n\n"
                if "end" in line or "verdict" in line:
                    return
            if not lines:
                yield ": \n\n"
            if await request.is_disconnected():
                return

    return StreamingResponse(log(), media_type="text/event-stream")


def _for_page(line: Any) -> dict[str, Any]:
    """Return a line of the log without data that a page does not need."""
    shown = {key: line[key] for key in ("stage", "done", "total", "end") if key in line}
    if "stage" in shown:
        shown["stage"] = STAGE_NAMES.get(shown["stage"], STAGE_NAMES[Stage.STARTING])
    if "verdict" in line:
        shown["verdict"] = True
    if "message" in line:
        shown["message"], shown["remedy"] = line["message"], line.get("remedy", "")
    return shown


async def cancel(request: Request) -> Response:
    """Cancel a job, with its unfinished files."""
    _job(request).cancel()
    return DataResponse({})


async def add_scan(request: Request) -> Response:
    """Receive a scan of signed forms; the body has its bytes. It is not read yet."""
    opened, scans, jobs = live(request), workspace(request).scans, workspace(request).jobs
    job = jobs.get(scans.job)
    if job is not None and not job.is_running:  # what it was given is read, or was refused
        await in_thread(scans.clear)
    view = await in_thread(opened.view)
    await scans.take(request, "扫描件", view.programme.intake.max_bytes)
    return DataResponse({"names": scans.names})


async def clear_scans(request: Request) -> Response:
    """Discard the received scans and the results of recognition."""
    here = workspace(request)
    await in_thread(_end_stamped, here)
    await in_thread(here.scans.clear)
    return DataResponse({})


def _end_stamped(here: Workspace) -> None:
    job = here.jobs.latest("stamped")
    if job is not None:
        job.close()


async def recognise(request: Request) -> Response:
    """Start the recognition of the received scans."""
    opened, scans, jobs = live(request), workspace(request).scans, workspace(request).jobs
    given = await body(request)
    if not scans.files:
        raise HTTPException(400, "请先选扫描件。")
    view = await in_thread(opened.view)
    order = {
        "kind": "stamped",
        "place": str(opened.file),
        "scans": [str(path) for path in scans.files],
        "password": text_of(given, "password"),
    }
    job = await in_thread(jobs.start, "stamped", order, view.state.revision)
    scans.job = job.id
    return DataResponse({"job": job.id})


async def file_scans(request: Request) -> Response:
    """File recognised scans, with the user's statements on pages."""
    job, given = _job(request), await body(request)
    decisions = given.get("decisions")
    if not isinstance(decisions, list) or not all(
        isinstance(each, str) and _DECISION.fullmatch(each) for each in decisions
    ):
        raise HTTPException(400, "看不懂这个请求。")
    at = len(job.log)
    order = {"decisions": decisions, "replaces": given.get("replaces") is True}
    await in_thread(job.tell, order)
    line = await in_thread(_answered, job, at)
    if line is None:
        raise HTTPException(409, "辨认已经中断，请重新放入扫描件。")
    if "unfiled" in line:
        found = told(line["unfiled"], workspace(request).scans.named)
        return DataResponse({"filed": False, "findings": found})
    if "problem" in line:
        return DataResponse(line["problem"], 409)
    await in_thread(workspace(request).scans.clear)
    await in_thread(live(request).open_files)
    return DataResponse({"filed": True})


def _answered(job: Job, at: int) -> Any:
    """Return the job's answer to the user's statements, or None if it failed or gave none."""
    for _ in range(60):
        lines = job.lines(at, 2.0)
        if lines:
            return lines[0] if lines[0].get("end") in (None, "done") else None
    return None


ROUTES = [
    Route("/api/jobs", start, methods=["POST"]),
    Route("/api/jobs/{job}/events", events),
    Route("/api/jobs/{job}/cancel", cancel, methods=["POST"]),
    Route("/api/jobs/{job}/file", file_scans, methods=["POST"]),
    Route("/api/scans", add_scan, methods=["POST"]),
    Route("/api/scans/clear", clear_scans, methods=["POST"]),
    Route("/api/scans/recognise", recognise, methods=["POST"]),
]
