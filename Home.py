"""PilotDesk · 服务试点台: the application served by `streamlit run Home.py`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from core.foundation.incidents import report
from core.operations import looking, telling
from core.operations.jobs import run_hourly
from pages.backup_files.app import PREFIX as BACKUP_FILES
from pages.backup_files.app import app as backup_files
from pages.entrance.cookie_door import route as cookie_door
from pages.entrance.doorkeeper import Doorkeeper
from pages.entrance.one_step import OneStep
from pages.patient.app import app as patient_phone
from pages.recordings.app import PREFIX as RECORDINGS
from pages.recordings.app import app as recordings
from pages.ui.incidents import on_script_error
from pages.wire.bodies import Patience
from pages.wire.own_names import OwnNames

HOUR, MINUTE = 3600, 60


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """The house's own jobs beside the served pages: once an hour, some of them once a day; its clocks every 15
    seconds, messages to staff every few seconds."""

    async def nights() -> None:
        while True:
            pause = HOUR
            try:
                await asyncio.to_thread(run_hourly)
            except Exception as error:  # a database that was gone for a moment ends no night after this one
                report(error, "hourly jobs")
                pause = MINUTE
            await asyncio.sleep(pause)

    task = asyncio.create_task(nights())
    end_looking, end_telling = looking.begin(), telling.begin()
    yield
    end_looking()
    end_telling()
    task.cancel()


app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    routes=[
        Mount("/p", app=patient_phone),
        Mount(RECORDINGS, app=recordings),
        Mount(BACKUP_FILES, app=backup_files),
        cookie_door,
    ],
    middleware=[
        Middleware(Patience),
        Middleware(OwnNames),
        Middleware(Doorkeeper),
        Middleware(OneStep),
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
    ],
    on_script_error=on_script_error,
)
