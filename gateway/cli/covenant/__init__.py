"""For people who write policy: the covenant as tables, as decisions with their rule, as differences, as versions."""

from gateway.cli.covenant.commands import app

__all__ = ["app"]
