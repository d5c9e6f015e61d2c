"""The catalogues: one .po file a capability and language, compiled into one .mo a language at set-up."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from webapp.kit.i18n import FOLDER


def merged(folder: Path) -> Catalog:
    """All .po files of a language as one catalogue. Raises ValueError where two translate a text differently."""
    whole = Catalog(locale=folder.name)
    for file in sorted(folder.glob("*.po")):
        for message in read_po(io.BytesIO(file.read_bytes()), locale=folder.name):
            if not message.id:
                continue
            known = whole.get(message.id)
            if known is not None and known.string != message.string:
                raise ValueError(f"{file.name}: {message.id!r} is already translated as {known.string!r}")
            whole.add(message.id, message.string)
    return whole


def main() -> None:
    """Compile every language."""
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        target = FOLDER / f"{folder.name}.mo"
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as out:
            write_mo(out, merged(folder))
        fresh.replace(target)
