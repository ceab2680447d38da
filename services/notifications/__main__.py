"""`python -m services.notifications api|worker`."""

from services.notifications import bootstrap
from services.notifications.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    run_service(SERVICE, bootstrap.api, bootstrap.worker)
