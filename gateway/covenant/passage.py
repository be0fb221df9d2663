"""Where a dossier stands: its three tracks, followed over the messages that one party has (DOMAIN 3.5).

The tables are the covenant's (``[[spoor]]``, ``[[stap]]``); here is only how they are read. A corporation follows the
same tables as a municipality, over fewer messages: it never has those between a municipality and its partners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from gateway.covenant.conditions import holds, value_at
from schemas.berichten.berichttype import code_of
from schemas.covenants import AMSTERDAM, BLIJFT, TERUG, Convenant, Spoornaam, Stap
from schemas.values import Mailbox, MessageId

VROEGSIGNAAL, WIJZIGING = code_of("vroegsignaal"), code_of("wijziging")


class Passed(NamedTuple):
    """A message of the dossier that this party sent or received; a sequence of them is in the order of the log.

    ``bericht`` is absent when the content was erased: then only steps that ask nothing of content are known of it, and
    what it may have said besides is in nobody's way later: erasing what told of help does not undo a pause.
    ``moment``: when the exchange took it.
    """

    id: MessageId
    type: str
    source: Mailbox
    ontvanger: Mailbox
    antwoordop: MessageId | None
    bericht: Mapping[str, Any] | None
    moment: datetime


class Turn(NamedTuple):
    """A track went from one state to another. ``message`` is what caused it.

    When a state ended by itself that is the message which had brought the track to it.
    """

    message: MessageId
    spoor: Spoornaam
    van: str
    naar: str


class Position(NamedTuple):
    """Where the tracks are: each track's state, and the message that brought it there (none: it never moved).

    ``until``: the day on which a state ends by itself. ``turns``: every change, in order. ``idle``: messages that
    were out of turn when they came and changed nothing; those of two parties can cross.
    """

    stand: Mapping[Spoornaam, str]
    since: Mapping[Spoornaam, MessageId | None]
    until: Mapping[Spoornaam, date]
    turns: tuple[Turn, ...]
    idle: tuple[MessageId, ...]


class Frame(NamedTuple):
    """One track's state, with what it needs to end by itself (``until``, ``daarna``) or to be returned to."""

    stand: str
    since: MessageId | None = None
    until: date | None = None
    daarna: str = ""
    before: Frame | None = None


Frames = dict[Spoornaam, Frame]


class Passage:
    """The tracks of one dossier while its messages go by, one after the other, as the log has them."""

    def __init__(self, convenant: Convenant, passed: Iterable[Passed] = ()) -> None:
        self.convenant = convenant
        self.frames: Frames = {spoor.naam: Frame(spoor.standen[0]) for spoor in convenant.sporen}
        self.passed: list[Passed] = []
        self._steps: dict[tuple[Spoornaam, str], list[Stap]] = {}
        for stap in convenant.stappen:
            self._steps.setdefault((stap.spoor, stap.bij), []).append(stap)
        self._maybe: dict[Spoornaam, frozenset[str]] = {}
        self._turns: list[Turn] = []
        self._idle: list[MessageId] = []
        for message in passed:
            self.add(message)

    def add(self, message: Passed) -> None:
        """Let a message take its steps; it is total: one that fits none changes nothing."""
        self.sleep(message.moment)
        if message.bericht is not None and self.breaks(message) is not None:
            self._idle.append(message.id)
        open_tracks = () if self.ended else tuple(self.frames)
        moved = {naam: self._moved(naam, message) for naam in open_tracks}
        maybe = {naam: self._possible(naam, message) for naam in open_tracks}
        for naam, frame in moved.items():
            self._turn(naam, frame)
        self._maybe.update(maybe)
        self.passed.append(message)
        self.sleep(message.moment)

    def sleep(self, moment: datetime) -> None:
        """Let every state end whose day has come at ``moment``, in Amsterdam: it lasts up to its ``tot``."""
        today = moment.astimezone(AMSTERDAM).date()
        for naam, frame in self.frames.items():
            if frame.until is not None and frame.until <= today:
                self._turn(naam, Frame(frame.daarna, frame.since, before=frame.before))

    @property
    def ended(self) -> bool:
        """Tell whether the dossier is closed."""
        return self.stand(Spoornaam.UITKOMST) in self.convenant.spoor(Spoornaam.UITKOMST).eind

    def stand(self, naam: Spoornaam) -> str:
        """Give a track's state."""
        return self.frames[naam].stand

    def breaks(self, message: Passed) -> Spoornaam | None:
        """Give the track whose order this message would break as the next one, if any; after the end, all but few."""
        if self.ended:
            return None if message.type in self.convenant.spoor(Spoornaam.UITKOMST).naEind else Spoornaam.UITKOMST
        watching = (spoor for spoor in self.convenant.sporen if message.type in spoor.bewaakt)
        return next(
            (s.naam for s in watching if self._bound(s.naam, message.type) and not self.step(s.naam, message)), None
        )

    def step(self, naam: Spoornaam, message: Passed) -> Stap | None:
        """Give the step of a track that a message takes: the first in the file that fits.

        Where the track may be in other states, since what told of them was erased, a step from one of those counts too.
        """
        known = self._first(naam, message, self.stand(naam))
        others = (self._first(naam, message, stand) for stand in sorted(self._maybe.get(naam, ())))
        return known or next((stap for stap in others if stap is not None), None)

    def unmet(self, stap: Stap) -> tuple[Spoornaam, ...]:
        """Name the tracks that are in none of the states which the step asks of them."""
        return tuple(naam for naam, standen in stap.mits.items() if self._stands(naam).isdisjoint(standen))

    def target(self, stap: Stap) -> str:
        """Give the state to which a step would bring its track now."""
        return self._after(stap, self.frames[stap.spoor], None).stand

    def position(self) -> Position:
        """Say where the tracks are."""
        frames = self.frames.items()
        return Position(
            {naam: frame.stand for naam, frame in frames},
            {naam: frame.since for naam, frame in frames},
            {naam: frame.until for naam, frame in frames if frame.until is not None},
            tuple(self._turns),
            tuple(self._idle),
        )

    def _bound(self, naam: Spoornaam, type_code: str) -> bool:
        """Outside the covenant collection keeps no order, but what asks for an open dossier still needs one."""
        if naam is not Spoornaam.INCASSO or self.stand(Spoornaam.UITKOMST) != OUTSIDE:
            return True
        return all(Spoornaam.UITKOMST in stap.mits for stap in self._steps.get((naam, type_code), ()))

    def _stands(self, naam: Spoornaam) -> frozenset[str]:
        return self._maybe.get(naam, frozenset()) | {self.stand(naam)}

    def _possible(self, naam: Spoornaam, message: Passed) -> frozenset[str]:
        """Give where the track may be after the message by all that an erased message can have said."""
        if message.bericht is not None and not self._maybe.get(naam):
            return frozenset()
        found = set[str]()
        for stand in self._stands(naam):
            stap = self._first(naam, message, stand)
            found.add(stand if stap is None else _end(stap, stand))
            steps = (one for one in self._steps.get((naam, message.type), ()) if stand in one.van)
            found |= {_end(one, stand) for one in steps if self._said(one, message)}
        return frozenset(found)

    def _said(self, stap: Stap, message: Passed) -> bool:
        """Tell whether an erased message may have taken the step; of what is not erased there is no doubt."""
        gone = (w for w in self.convenant.grenzen.wissen if w.type == message.type and message.bericht is None)
        return any(
            all(not set(stap.als.get(path, said)).isdisjoint(said) for path, said in w.als.items()) for w in gone
        )

    def _first(self, naam: Spoornaam, message: Passed, stand: str) -> Stap | None:
        steps = self._steps.get((naam, message.type), ())
        return next((stap for stap in steps if stand in stap.van and self._fits(stap, message)), None)

    def _fits(self, stap: Stap, message: Passed) -> bool:
        return (
            self._sent_by(stap, message)
            and not self.unmet(stap)
            and holds(stap.als, message.bericht or {})
            and holds(stap.alsOp, answered(message, self.passed) or {})
            and (not stap.hoger or is_higher(message, self.passed))
        )

    def _sent_by(self, stap: Stap, message: Passed) -> bool:
        sender = self.convenant.deelnemer(message.source.oin)
        return stap.door is None or (sender is not None and sender.soort is stap.door)

    def _moved(self, naam: Spoornaam, message: Passed) -> Frame:
        frame, stap = self.frames[naam], self.step(naam, message)
        return frame if stap is None else self._after(stap, frame, message)

    def _after(self, stap: Stap, frame: Frame, message: Passed | None) -> Frame:
        if stap.naar == BLIJFT:
            return frame
        since = message and message.id
        if stap.naar == TERUG:
            return _returned(stap, frame, since)
        last = day_at(message and message.bericht, stap.tot) if stap.tot else None
        before = frame.before if stap.naar == frame.stand else frame
        return Frame(stap.naar, since, last, stap.daarna or "", before)

    def _turn(self, naam: Spoornaam, frame: Frame) -> None:
        old, self.frames[naam] = self.frames[naam], frame
        if frame.stand != old.stand and frame.since is not None:
            self._turns.append(Turn(frame.since, naam, old.stand, frame.stand))


OUTSIDE = "CONVENANT_NVT"
"""The outcome track's state after woonfraude: signals go on, the pause and the eviction gates are off (DOMAIN 3.5)."""


def _end(stap: Stap, stand: str) -> str:
    """Give the state to which a step brings a track of which no more than its state is known."""
    return stand if stap.naar == BLIJFT else stap.daarna or stand if stap.naar == TERUG else stap.naar


def _returned(stap: Stap, frame: Frame, since: MessageId | None) -> Frame:
    before = frame.before
    if before is None or before.stand not in stap.terug:
        return Frame(stap.daarna or frame.stand, since, before=before)
    return before._replace(since=since)


def answered(message: Passed, earlier: Sequence[Passed]) -> Mapping[str, Any] | None:
    """Give the content of the message that this one answers, if it is known."""
    return next((one.bericht for one in earlier if one.id == message.antwoordop), None)


def is_higher(message: Passed, earlier: Sequence[Passed]) -> bool:
    """Tell whether its arrears are above those last told in the dossier, by a signal or by a changed amount."""
    told = (amount(one) for one in reversed(earlier) if one.type in (VROEGSIGNAAL, WIJZIGING))
    last, now = next((cents for cents in told if cents is not None), None), amount(message)
    return last is not None and now is not None and now > last


def amount(message: Passed) -> int | None:
    """Give the arrears that a message tells, in cents."""
    value = value_at(message.bericht, "achterstand.bedragCent")
    return value if isinstance(value, int) else None


def day_at(bericht: Mapping[str, Any] | None, path: str) -> date | None:
    """Give the day in a field, if it is there and one."""
    value = value_at(bericht, path)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
