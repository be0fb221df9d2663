"""The API for systems: ``/v1``, the logs, health."""
