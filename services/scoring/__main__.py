"""`python -m services.scoring api|worker`."""

from services.scoring import bootstrap
from services.scoring.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    run_service(SERVICE, bootstrap.api, bootstrap.worker)
