"""What can go wrong, by who must act. No HTTP here: ``web.problems`` maps these, the client maps them back."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.problems import Problem


class GatewayError(Exception):
    """Any failure that this product names itself; ``code`` has a text for people in ``schemas.texts``."""

    def __init__(self, code: Problem, detail: str = "") -> None:
        super().__init__(f"{code.value}: {detail}" if detail else code.value)
        self.code = code
        self.detail = detail


class RejectedError(GatewayError):
    """The caller must change something. Safe to show: no input is repeated.

    ``faults`` lists every fault as (JSON pointer, expectation); ``receipt`` is the signed
    *afgewezen* when the refusal was logged.
    """

    def __init__(
        self, code: Problem, detail: str = "", faults: Sequence[tuple[str, str]] = (), receipt: str | None = None
    ) -> None:
        super().__init__(code, detail)
        self.faults = tuple(faults)
        self.receipt = receipt


class UnavailableError(GatewayError):
    """Nothing is known to have happened; send the same bytes again, later."""

    def __init__(self, detail: str = "", code: Problem = Problem.NIET_BESCHIKBAAR) -> None:
        super().__init__(code, detail)


class EvidenceError(GatewayError):
    """A proof or a stored hash is wrong. Stop writing and call a human; never repair by overwriting."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Problem.INTERNE_FOUT, detail)


class ConfigurationError(GatewayError):
    """Start-up cannot go on; the text says what to set."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Problem.INTERNE_FOUT, detail)
        self.args = (detail,)
