"""The pages of docs/berichten: one for each message type, in Dutch, made of what the code and the covenant say.

``python -m schemas.pages`` writes them, ``--check`` compares only. Nothing on them is written by hand but the words
for a field, a value and a condition that a schema cannot say (``schemas/texts/velden.toml``).
"""

from schemas.pages.publishing import main, pages, stale

__all__ = ["main", "pages", "stale"]
