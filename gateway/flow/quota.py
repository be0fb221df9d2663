"""How many refusals of a party are logged in a day: each is an entry for ever, and fills a recipient's gap (T15)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from schemas.values import Oin

DAY = 24 * 3_600_000
REFUSALS_A_DAY = 1000


class Quota:
    """Counts refusals by party over the last day, in memory: a restart forgives, the log does not forget."""

    def __init__(self, most: int = REFUSALS_A_DAY) -> None:
        self._most = most
        self._spent: dict[Oin, deque[int]] = defaultdict(deque)

    def left(self, parties: Iterable[Oin], moment: int) -> Mapping[Oin, int]:
        """How many more refusals of each party may be logged, at a moment in milliseconds."""
        return {party: self._most - len(self._recent(party, moment)) for party in set(parties)}

    def spend(self, party: Oin, moment: int) -> None:
        """Count one logged refusal."""
        self._recent(party, moment).append(moment)

    def _recent(self, party: Oin, moment: int) -> deque[int]:
        spent = self._spent[party]
        while spent and spent[0] <= moment - DAY:
            spent.popleft()
        return spent
