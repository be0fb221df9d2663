"""The demo: nineteen parties, real processes, real mutual TLS; files in, signed proof out, every count checked."""

from gateway.cli.demo.play import play

__all__ = ["play"]
