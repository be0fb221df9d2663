"""``python -m gateway.cli`` is the command ``seinpost``."""

from gateway.cli import main

main()
