"""A service's API documentation, with every asset served from here: no foreign host is asked for anything."""

import base64
import hashlib
import re
from pathlib import Path

import fastapi_swagger
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

_ASSETS = Path(fastapi_swagger.__file__).with_name("resources")  # Swagger UI 5: the first that reads OpenAPI 3.1


def add(app: FastAPI, service: str) -> None:
    """Add `/api/<service>/docs`, open to everyone."""
    page = f"/api/{service}/docs"
    assets = f"{page}/assets"

    shown = get_swagger_ui_html(
        openapi_url=f"/api/{service}/openapi.json",
        title=f"{app.title} · API",
        swagger_js_url=f"{assets}/swagger-ui-bundle.js",
        swagger_css_url=f"{assets}/swagger-ui.css",
        swagger_favicon_url=f"{assets}/favicon-32x32.png",
    )
    shown.headers["content-security-policy"] = _policy(bytes(shown.body).decode())

    async def documentation() -> HTMLResponse:
        return shown

    app.mount(assets, StaticFiles(directory=_ASSETS), name="documentation-assets")
    app.add_api_route(page, documentation, include_in_schema=False)


def _policy(page: str) -> str:
    """What a browser may load for this page: our own assets, and the scripts that stand in it, by their digests."""
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
