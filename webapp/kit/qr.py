"""QR codes as SVG that stands in the page: dark on white, whatever the theme, so that every camera reads it."""

from __future__ import annotations

import segno
from markupsafe import Markup

from webapp.kit.i18n import _


def qr_code(text: str, scale: int = 6) -> Markup:
    """The code of a short text, with its quiet zone; `scale` pixels a module on the screen."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    side = code.symbol_size(scale=scale, border=4)[0]
    named = Markup('<svg role="img" aria-label="{}" width="{}" height="{}" ').format(_("QR code"), side, side)
    return Markup(drawn.replace("<svg ", named, 1))  # segno draws modules only; the words went in by escaping
