"""How a service is spoken to over HTTP: problems, access, preconditions, pages, documentation, running."""
