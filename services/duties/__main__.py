"""`python -m services.duties api|worker`."""

from services.duties import bootstrap
from services.duties.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    run_service(SERVICE, bootstrap.api, bootstrap.worker)
