"""A recipient in a process of its own: ``receive.py FOLDER PORT WARM MEASURED``.

It does what a connector does with each message: verify *aanvaard*, verify the sender, check the digests, open, check
the schema, sign the receipt; and hands the receipts in with the next round. It says ``ready`` once WARM receipts are
booked, waits for a line, and tells when MEASURED more are. It keeps no spool on disk: the disk is the server's here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from gateway.client.opening import Offered, Opened, Reader
from gateway.client.trust import Trust
from gateway.clock import system_clock
from gateway.connector.register import extend
from gateway.rules.register import Register
from keys import signing
from keys.jwk import PrivateSealingKey, PrivateSigningKey, parse_private
from schemas.receipts import Ontvangen
from schemas.values import Mailbox
from tests.bench.load import cpu, say
from tests.bench.wire import Line, dial, party_tls, post

MAXIMUM = 100
WAIT_SECONDS = 5


@dataclass(slots=True)
class Recipient:
    """One mailbox: reads, signs, counts what was booked."""

    reader: Reader
    signing: PrivateSigningKey
    booked: int = 0
    receipts: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path) -> Recipient:
        """Read ``party.json``: the mailbox, its private keys, and the register log to be replayed."""
        party = json.loads((folder / "party.json").read_text())
        sealer, signer = parse_private(party["verzegelen"]), parse_private(party["ondertekenen"])
        assert isinstance(sealer, PrivateSealingKey)
        assert isinstance(signer, PrivateSigningKey)
        confirmed = {Mailbox(box): kid for box, kid in party["bevestigd"].items()}
        before = Trust(roots=(Register.empty().root,), confirmed=confirmed)
        trust = extend(before, [b64decode(body) for body in party["register"]])
        return cls(Reader(Mailbox(party["postvak"]), trust, {sealer.kid: sealer}), signer)

    async def until(self, line: Line, booked: int) -> None:
        """Go round until so many receipts are booked in all."""
        while self.booked < booked:
            question = {"postvak": self.reader.mailbox, "maximum": MAXIMUM, "wachten": WAIT_SECONDS}
            answer = await line.ask(
                post("/v1/postvak/_ophalen", json.dumps(question | {"ontvangstbewijzen": self.receipts}).encode())
            )
            if answer.status != 200:
                raise RuntimeError(f"status {answer.status}: {answer.body[:400]!r}")
            self._take(json.loads(answer.body))

    def _take(self, answer: dict[str, Any]) -> None:
        booked = sum("geboekt" in outcome for outcome in answer["uitkomsten"])
        if booked != len(self.receipts):
            raise RuntimeError(f"{booked} of {len(self.receipts)} receipts booked")
        self.booked += booked
        self.receipts = [self._receipt(message) for message in answer["berichten"]]

    def _receipt(self, message: dict[str, Any]) -> str:
        opened = self.reader(Offered(message["envelop"], message["lading"], message["aanvaard"]))
        if not isinstance(opened, Opened):
            raise TypeError(f"a message that cannot be taken in: {opened}")
        aanvaard = opened.known.aanvaard
        receipt = Ontvangen(
            id=aanvaard.id,
            source=aanvaard.source,
            ontvanger=aanvaard.ontvanger,
            digest=aanvaard.digest,
            blad=aanvaard.logboek.blad,
            tijd=system_clock(),
        )
        return signing.sign(receipt.spell(), self.signing, signing.ONTVANGEN_TYP)


async def run(folder: Path, port: int, warm: int, measured: int) -> None:
    """Warm up, wait for the word, measure, tell."""
    recipient, line = Recipient.load(folder), await dial(port, party_tls(folder))
    await recipient.until(line, warm)
    say({"ready": True})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    used = cpu()
    await recipient.until(line, warm + measured)
    say({"messages": measured, "end": time.perf_counter(), "client_cpu": cpu() - used})
    line.close()


def main() -> None:
    """See the module."""
    folder, port, warm, measured = Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:5])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(folder, port, warm, measured))


if __name__ == "__main__":
    main()
