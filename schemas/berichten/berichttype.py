"""What is said about a message type besides its fields: names, purpose, legal basis, what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from schemas.berichten.klassen import DataClass, highest


@dataclass(frozen=True, slots=True)
class MessageType:
    """One type. ``name`` is the middle of its code."""

    name: str
    short: str
    title_nl: str
    title_en: str
    model: type[BaseModel]
    legal_basis: str
    purpose: str
    description: str
    version: str = "1.0.0"

    @property
    def code(self) -> str:
        """What the envelope's ``type`` says: reverse DNS with the major version (NL GOV CloudEvents)."""
        return code_of(self.name, self.version.partition(".")[0])

    @property
    def data_class(self) -> DataClass:
        """The class of its most sensitive field."""
        return highest(self.model)


def code_of(name: str, major: str = "1") -> str:
    """Give the code of the type of that name."""
    return f"nl.huurschuld.{name}.v{major}"
