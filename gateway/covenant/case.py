"""One message held against its dossier: what the rules on content ask about, and the objections they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from gateway.covenant.conditions import value_at
from gateway.covenant.passage import Passage, Passed, day_at
from schemas.covenants import AMSTERDAM, Convenant, Soort
from schemas.values import Mailbox


class Objection(NamedTuple):
    """What a rule has against a message. ``pointer`` is a JSON pointer into ``bericht``, empty for the whole.

    ``code`` is stable and is all that a refusal may carry; the texts are for people at this party. None of the four
    holds anything about a person.
    """

    code: str
    pointer: str
    nl: str
    en: str


class Case:
    """A message with the earlier messages of its dossier, in the order of the log, as one party has them.

    References count only among messages between the same two organisations, so that both judge alike. ``sending``:
    this party is the one that sends it.
    """

    def __init__(
        self, convenant: Convenant, candidate: Passed, earlier: Sequence[Passed], *, sending: bool = False
    ) -> None:
        self.convenant = convenant
        self.candidate = candidate
        self.earlier = earlier
        self.sending = sending

    @cached_property
    def passage(self) -> Passage:
        """Where the tracks were when the message was taken, for this party; no refusal may rest on it."""
        return self._followed(self.earlier)

    @cached_property
    def told(self) -> Passage:
        """Where they were by what its sender sent or received itself.

        A refusal goes back to the sender. If it rested on anything else it would tell, say, a corporation what a
        municipality and its partners did (DOMAIN 3.3).
        """
        sender = self.candidate.source.oin
        return self._followed([one for one in self.earlier if sender in (one.source.oin, one.ontvanger.oin)])

    @cached_property
    def between(self) -> tuple[Passed, ...]:
        """The earlier messages between the two organisations of this one."""
        pair = {self.candidate.source.oin, self.candidate.ontvanger.oin}
        return tuple(one for one in self.earlier if {one.source.oin, one.ontvanger.oin} == pair)

    @property
    def today(self) -> date:
        """The day on which it was sent, in Amsterdam."""
        return self.candidate.moment.astimezone(AMSTERDAM).date()

    @property
    def kinds(self) -> tuple[Soort | None, Soort | None]:
        """The kinds of its sender and its recipient, if they take part."""
        return self.kind(self.candidate.source), self.kind(self.candidate.ontvanger)

    def kind(self, mailbox: Mailbox) -> Soort | None:
        """Give the kind of participant that a mailbox belongs to."""
        deelnemer = self.convenant.deelnemer(mailbox.oin)
        return None if deelnemer is None else deelnemer.soort

    def says(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Give the value of one of its fields, ``None`` if it is absent."""
        return value_at(self.candidate.bericht, path)

    def day(self, path: str) -> date | None:
        """Give the day in one of its fields."""
        return day_at(self.candidate.bericht, path)

    def named(self, reference: object, *types: str) -> Passed | None:
        """Give the earlier message between the two with that id, if it is of one of the types."""
        return next((one for one in self.between if one.id == reference and one.type in types), None)

    def of_type(self, *types: str) -> Iterator[Passed]:
        """Give the earlier messages between the two of these types, in order."""
        return (one for one in self.between if one.type in types)

    def _followed(self, messages: Sequence[Passed]) -> Passage:
        passage = Passage(self.convenant, messages)
        passage.sleep(self.candidate.moment)
        return passage
