"""The api of visits, telling nothing: no metric, no log line, no trace id: beside it lies what telemetry costs."""

from services.visits import bootstrap
from services.visits.settings import SERVICE, PlatformSettings
from shared.web.observe import Observe
from shared.web.running import run_api

if __name__ == "__main__":
    settings = PlatformSettings.read()
    app = bootstrap.api(settings)
    app.user_middleware = [each for each in app.user_middleware if each.cls is not Observe]  # type: ignore[comparison-overlap]
    run_api(app, SERVICE, settings)
