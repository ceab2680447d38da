"""`python -m services.members api|worker`."""

from services.members import bootstrap
from services.members.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    run_service(SERVICE, bootstrap.api, bootstrap.worker)
