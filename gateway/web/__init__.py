"""HTTP: routes as a table, handlers that read, call a flow and serialise, problems at the edge."""
