"""`python -m services.scoring api|worker`, and what concerns the builds: build, builds, rebuild, switch, verify."""

import sys

from services.scoring import bootstrap
from services.scoring.settings import SERVICE
from shared.web.running import run_service

if __name__ == "__main__":
    if sys.argv[1:2] in ([], ["api"], ["worker"]):
        run_service(SERVICE, bootstrap.api, bootstrap.worker)
    else:
        sys.exit(bootstrap.command(sys.argv[1:]))
