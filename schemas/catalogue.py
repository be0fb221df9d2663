"""The catalogue of message types: what each is for, on which legal basis, which model it has, how sensitive it is.

Adding a type is a class with its row in a family's module in ``schemas.berichten``, and a rule in the covenant's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from schemas.berichten import afsluiting, hulp, ontruiming, opschorting, regeling, saldo, signaal
from schemas.berichten.berichttype import MessageType
from schemas.envelope import MalformedError, fault

TYPEN = (
    *signaal.TYPEN,
    *hulp.TYPEN,
    *opschorting.TYPEN,
    *saldo.TYPEN,
    *regeling.TYPEN,
    *ontruiming.TYPEN,
    *afsluiting.TYPEN,
)

CATALOGUE: Mapping[str, MessageType] = MappingProxyType({item.code: item for item in TYPEN})
"""Every type in use, by its code."""


def parse_bericht(type_code: str, obj: object) -> BaseModel:
    """Read the ``bericht`` of a payload, parsed from JSON before, as the model of its type.

    What is absent is left out: ``null`` is no value of any field.

    Raises:
        MalformedError: the type is not in use, or with every fault at once; its texts hold no input.
    """
    found = CATALOGUE.get(type_code)
    if found is None:
        raise MalformedError([("#", "a message type of the catalogue")])
    try:
        bericht = found.model.model_validate(obj)
    except ValidationError as error:
        raise MalformedError([fault(e) for e in error.errors(include_url=False, include_input=False)]) from None
    nulls = _nulls(obj, "#")
    if nulls:
        raise MalformedError([(pointer, "leave out what is absent; null is no value") for pointer in nulls])
    return bericht


def _nulls(value: object, pointer: str) -> list[str]:
    if value is None:
        return [pointer]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _nulls(item, f"{pointer}/{key}")]
    if isinstance(value, list):
        return [found for at, item in enumerate(value) for found in _nulls(item, f"{pointer}/{at}")]
    return []
