"""Where facts are kept: one port, one adapter per engine. Flows see ``gateway.store.port`` only."""
