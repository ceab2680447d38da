"""`python -m services.visits api|worker`."""

from services.visits import bootstrap
from services.visits.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    run_service(SERVICE, bootstrap.api, bootstrap.worker)
