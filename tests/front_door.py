"""The way into an api from a test: requests to the application itself, without a socket."""

from copy import copy

import httpx
from fastapi import FastAPI

_BUILT: dict[tuple[str, ...], FastAPI] = {}


def front_door(app: FastAPI) -> httpx.ASGITransport:
    """The transport to an app that has `create_app`'s state; what is behind the routes is all its own.

    FastAPI builds the routes of an app at its first requests, which takes longer than most tests. So apps of the same
    routes share the routes of the first of them: a route reads its ports from the state of the app that was asked.
    """
    routes = (app.title, *(f"{each.method} {each.path}" for each in app.state.access))
    asked = copy(_BUILT.setdefault(routes, app))
    asked.state = app.state
    return httpx.ASGITransport(app=asked)
