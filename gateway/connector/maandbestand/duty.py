"""May this row be reported at all? Bgs art. 2 and the municipality's own thresholds (DOMAIN 1.1).

The landlord reports *if* he (a) sought personal contact, (b) pointed to debt help, (c) sent a
written reminder and (d) offered in it to pass on the details, and the tenant did not refuse.
A step without a date has not been taken, as far as anyone can prove: the row stays at home. A
date that cannot be read is another matter: that is a *fout*, found before this module is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.connector.maandbestand.forms import Reactie
from gateway.connector.maandbestand.rows import Row
from gateway.connector.maandbestand.verdicts import NietTeMelden, Reden


def left_out(row: Row) -> NietTeMelden | None:
    """Give every reason to leave the row out, or ``None`` when there is none."""
    redenen = tuple(_reasons(row))
    if not redenen:
        return None
    gemeente = row.route.gemeente
    data = (
        ("gemeente", gemeente.naam),
        ("drempel", f"{gemeente.minimumCent // 100},{gemeente.minimumCent % 100:02d}"),
        ("dagen", str(gemeente.minimumDagen)),
        ("maximum", str(gemeente.maximumDagen)),
    )
    return NietTeMelden(row.regel, row.referentie, redenen, data)


def _reasons(row: Row) -> Iterator[Reden]:
    if row.reactie is Reactie.GEWEIGERD:
        yield Reden.AANBOD_GEWEIGERD
    if not row.contact_op:
        yield Reden.GEEN_CONTACTPOGING
    if row.gewezen_schuldhulp_op is None:
        yield Reden.NIET_GEWEZEN_OP_SCHULDHULP
    if not row.herinnering_op:
        yield Reden.GEEN_HERINNERING
    if row.aanbod_op is None:
        yield Reden.GEEN_AANBOD
    gemeente, days = row.route.gemeente, (row.peildatum - row.ontstaansdatum).days
    if row.bedrag < gemeente.minimumCent:
        yield Reden.ONDER_DREMPEL
    if days < gemeente.minimumDagen:
        yield Reden.TE_JONG
    if gemeente.maximumDagen is not None and days > gemeente.maximumDagen:
        yield Reden.TE_OUD
