"""The catalogue of message types: what each is for, on which legal basis, which model it has, how sensitive it is.

Seventeen types are foreseen (DOMAIN 3.2); a type is in use when it stands here. Adding one is a
row here, a module or class in ``schemas.berichten``, and a rule in the covenant's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from schemas.berichten.klassen import DataClass, highest
from schemas.berichten.signaal import Terugkoppeling, Vroegsignaal, Wijziging
from schemas.envelope import MalformedError, fault


@dataclass(frozen=True, slots=True)
class MessageType:
    """One type. ``name`` is the middle of its code; ``answers`` are the codes of the types that it may answer."""

    name: str
    short: str
    title_nl: str
    title_en: str
    model: type[BaseModel]
    legal_basis: str
    purpose: str
    description: str
    answers: tuple[str, ...] = ()
    version: str = "1.0.0"

    @property
    def code(self) -> str:
        """What the envelope's ``type`` says: reverse DNS with the major version (NL GOV CloudEvents)."""
        return _code(self.name, self.version.partition(".")[0])

    @property
    def data_class(self) -> DataClass:
        """The class of its most sensitive field."""
        return highest(self.model)


def _code(name: str, major: str = "1") -> str:
    return f"nl.huurschuld.{name}.v{major}"


_TYPES = (
    MessageType(
        name="vroegsignaal",
        short="VSM",
        title_nl="Vroegsignaal",
        title_en="Early signal",
        model=Vroegsignaal,
        legal_basis="Besluit gemeentelijke schuldhulpverlening art. 2; AVG art. 6, lid 1, onder c",
        purpose="De gemeente een huurachterstand melden, zodat zij contact zoekt en hulp aanbiedt.",
        description="Een corporatie meldt de gemeente van de woning dat een huurder achterloopt met de huur, "
        "en verantwoordt wat zij zelf eerst heeft gedaan.",
    ),
    MessageType(
        name="terugkoppeling",
        short="VST",
        title_nl="Terugkoppeling",
        title_en="Feedback on a signal",
        model=Terugkoppeling,
        legal_basis="Wet gemeentelijke schuldhulpverlening art. 3, lid 1, onder b; "
        "Landelijk Convenant Vroegsignalering",
        purpose="De corporatie laten weten wat er met het signaal is gedaan, voor zover zij dat mag weten.",
        description="De gemeente laat weten of een signaal is opgepakt en wat de uitkomst is. "
        "Waarom een signaal om een andere reden niet is opgepakt, staat er nooit in.",
        answers=(_code("vroegsignaal"), _code("wijziging")),
    ),
    MessageType(
        name="wijziging",
        short="VSI",
        title_nl="Wijziging of intrekking",
        title_en="Change or withdrawal of a signal",
        model=Wijziging,
        legal_basis="AVG art. 5, lid 1, onder d, en art. 19",
        purpose="Een gemeld signaal verbeteren of intrekken.",
        description="De corporatie wijzigt het bedrag van een eerder signaal of trekt het signaal in.",
    ),
)

CATALOGUE: Mapping[str, MessageType] = MappingProxyType({item.code: item for item in _TYPES})
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
