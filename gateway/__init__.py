"""The exchange, its connector and its command."""
