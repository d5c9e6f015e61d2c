"""Builds what the browser gets: joined, minified, named by content, compressed, listed in a manifest.

`python -m webapp.kit.assets` fetches the packages and builds into static/built; `--dev` fetches those that
only the tests need as well. Done already means nothing to do, so it may run at every start.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import brotli
import rcssmin
import rjsmin
import zopfli.gzip

from webapp.kit.npm import FetchError, fetch
from webapp.kit.sheets import used

ROOT = Path(__file__).resolve().parents[2]

# In this order in app.css and app.js. A new sheet or script is one name here.
SHEETS = ("tokens.css", "base.css", "layout.css", "components.css")
HTMX = "node_modules/htmx.org/dist/htmx.min.js"
SCRIPTS = ("live.js", "parts.js", "forms.js", "menus.js", "mine.js")
# Files of their own: the gate, and what static/js/parts.js loads where it is needed.
ALONE = ("gate.js", "mentions.js", "poll.js")
ICONS = "static/icons.svg"
# For single pages: files of their own, which only those ask for.
OWN_SCRIPTS = ("share.js",)
OWN_SHEETS = ("print.css",)
PICTURE = "static/share.png"  # what a link preview shows
# The pages behind shared links get link.css: of the sheets above the rules that these use.
LINK_PAGES = (
    "templates/shared_links/layout.html",
    "templates/shared_links/open.html",
    "templates/shared_links/over.html",
    "templates/shared_links/code.html",
    "templates/shared_links/_circle.html",
    "templates/shared_links/_collection.html",
    "templates/posts/_shared.html",
)

SHEET_PATHS = tuple(f"static/css/{name}" for name in SHEETS)
SCRIPT_PATHS = tuple(f"static/js/{name}" for name in SCRIPTS)
ALONE_PATHS = {name: f"static/js/{name}" for name in ALONE}
OWN_PATHS = (*(f"static/js/{name}" for name in OWN_SCRIPTS), *(f"static/css/{name}" for name in OWN_SHEETS))
INPUTS = (*SHEET_PATHS, HTMX, *SCRIPT_PATHS, *ALONE_PATHS.values(), ICONS, *OWN_PATHS, PICTURE, *LINK_PAGES)


class MissingInput(FileNotFoundError):
    """A file that the lists above name is not there."""


def read_inputs(root: Path) -> dict[str, str]:
    """Every input's text by its path, line ends unified; MissingInput if one is not there."""
    texts = {}
    for path in INPUTS:
        try:
            file = root / path
            texts[path] = file.read_bytes().decode("latin-1") if path == PICTURE else file.read_text("utf-8")
        except FileNotFoundError:
            raise MissingInput(f"{path} is missing; webapp/kit/assets.py lists it as part of the page") from None
    return texts


def digest(texts: Mapping[str, str]) -> str:
    """What the inputs and this recipe hash to; equal means that a build would give the same files."""
    whole = hashlib.sha256(Path(__file__).read_bytes())
    for path, text in texts.items():
        whole.update(f"\0{path}\0{len(text)}\0{text}".encode())
    return whole.hexdigest()


def outputs(texts: Mapping[str, str]) -> dict[str, bytes]:
    """The built files' contents by their plain names: app.css, app.js, icons.svg, link.css and those alone."""
    sheets = "\n".join(texts[path] for path in SHEET_PATHS)
    # htmx comes minified, and its authors know best how; a file that ends without ";" must not call the next.
    scripts = [texts[HTMX].strip(), *(rjsmin.jsmin(texts[path]).strip() for path in SCRIPT_PATHS)]
    built = {
        "app.css": rcssmin.cssmin(sheets),
        "app.js": ";\n".join(script.rstrip(";") for script in scripts) + ";\n",
        **{name: rjsmin.jsmin(texts[path]).strip() + "\n" for name, path in ALONE_PATHS.items()},
        "icons.svg": texts[ICONS],
        "link.css": rcssmin.cssmin(used(sheets, (texts[path] for path in LINK_PAGES))),
        **{name: rjsmin.jsmin(texts[f"static/js/{name}"]).strip() + "\n" for name in OWN_SCRIPTS},
        **{name: rcssmin.cssmin(texts[f"static/css/{name}"]) for name in OWN_SHEETS},
    }
    return {**{name: text.encode() for name, text in built.items()}, "share.png": texts[PICTURE].encode("latin-1")}


def hashed(name: str, content: bytes) -> str:
    """`name` with its content's hash in it: app.css → app.ab12cd34.css."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{ending}"


def with_compressed(name: str, content: bytes) -> dict[str, bytes]:
    """A file and its compressed sisters, by name; the same bytes every time."""
    return {
        name: content,
        f"{name}.gz": zopfli.gzip.compress(content),
        f"{name}.br": brotli.compress(content, quality=11),
    }


def read_manifest(target: Path) -> dict[str, str]:
    """The manifest in `target` (plain → hashed name; "inputs": their digest), or an empty one."""
    try:
        manifest: dict[str, str] = json.loads((target / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest


def files_of(manifest: Mapping[str, str]) -> set[str]:
    """The names of all files that a manifest stands for."""
    names = (name for key, name in manifest.items() if key != "inputs")
    return {name + ending for name in names for ending in ("", ".gz", ".br")}


def build(root: Path = ROOT) -> bool:
    """Builds static/built under `root` if an input changed, and says whether it did; MissingInput as above.

    Files of the build before stay, for pages that a server still running has handed out; older ones go.
    """
    target, texts = root / "static/built", read_inputs(root)
    before, inputs = read_manifest(target), digest(texts)
    if before.get("inputs") == inputs and all((target / name).is_file() for name in files_of(before)):
        return False
    target.mkdir(parents=True, exist_ok=True)
    contents = outputs(texts)
    manifest = {name: hashed(name, content) for name, content in contents.items()}
    for name, content in contents.items():
        for file, data in with_compressed(manifest[name], content).items():
            replace(target / file, data)
    replace(target / "manifest.json", json.dumps({**manifest, "inputs": inputs}, indent=1).encode() + b"\n")
    keep = files_of(manifest) | files_of(before) | {"manifest.json"}
    for path in target.iterdir():
        if path.name not in keep:
            path.unlink()
    return True


def replace(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old or the new one, never a half."""
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    half.write_bytes(content)
    half.replace(path)


def main(arguments: list[str]) -> int:
    """Fetches and builds; 1 with a plain sentence if it cannot."""
    try:
        fetch(ROOT, dev="--dev" in arguments)
        if build():
            print("Built the pages' styles and scripts.")
    except (FetchError, MissingInput) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
