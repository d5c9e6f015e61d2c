"""The browser's files: fetched as locked, joined in order, named by content, built once."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest

from webapp.kit import assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root with every input, each naming itself."""
    for path in assets.INPUTS:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        mark = path.rpartition("/")[2].replace(".", "-")
        text = {"css": f"#{mark} {{ color: red; }}\n", "js": f'(function () {{ go("{mark}"); }})()\n', "html": "<b>\n"}
        file.write_text(text.get(path.rpartition(".")[2], f"<svg id='{mark}'/>\n"), "utf-8")
    return tmp_path


def built(tree: Path) -> dict[str, str]:
    return json.loads((tree / "static/built/manifest.json").read_text("utf-8"))


def real() -> dict[str, bytes]:
    return assets.outputs(assets.read_inputs(ROOT))


def text_of(tree: Path, name: str) -> str:
    return (tree / "static/built" / built(tree)[name]).read_text("utf-8")


def test_sheets_are_joined_in_order_and_minified(tree: Path) -> None:
    assert assets.build(tree)
    assert re.findall(r"#([\w-]+)-css", text_of(tree, "app.css")) == [
        "tokens",
        "base",
        "layout",
        "components",
    ]
    assert "#tokens-css{color:red}" in text_of(tree, "app.css")


def test_scripts_are_joined_in_order_behind_htmx_and_never_call_each_other(tree: Path) -> None:
    assets.build(tree)
    script = text_of(tree, "app.js")
    assert re.findall(r'"([\w-]+?)(?:-min)?-js"', script) == [
        "htmx",
        *(name.removesuffix(".js") for name in assets.SCRIPTS),
    ]
    assert not re.search(r"\)\s*\(function", script)
    for name in assets.ALONE:
        mark = name.replace(".", "-")
        assert mark not in script and mark in text_of(tree, name)


def test_what_every_page_loads_stays_light() -> None:
    """On plain http, gzip: 17 kB is the budget of the scripts, headers included."""
    weight = {name: len(assets.with_compressed(name, content)[f"{name}.gz"]) for name, content in real().items()}
    assert weight["app.js"] <= 16_500 and weight["app.css"] <= 7_200 and weight["gate.js"] <= 400


def test_a_name_changes_with_its_content_and_only_then(tree: Path) -> None:
    assets.build(tree)
    before = built(tree)
    (tree / "static/css/base.css").write_text("p { margin: 0; }", "utf-8")
    assert assets.build(tree)
    after = built(tree)
    assert before["app.css"] != after["app.css"]
    assert before["app.js"] == after["app.js"]


def test_compressed_sisters_hold_the_same(tree: Path) -> None:
    assets.build(tree)
    for name in ("app.css", "app.js", "gate.js", "icons.svg"):
        file = tree / "static/built" / built(tree)[name]
        assert gzip.decompress(file.with_name(file.name + ".gz").read_bytes()) == file.read_bytes()
        assert brotli.decompress(file.with_name(file.name + ".br").read_bytes()) == file.read_bytes()


def test_a_second_build_does_nothing_until_a_file_is_gone(tree: Path) -> None:
    assert assets.build(tree)
    assert not assets.build(tree)
    (tree / "static/built" / (built(tree)["app.css"] + ".br")).unlink()
    assert assets.build(tree)


def test_the_build_before_stays_and_older_ones_go(tree: Path) -> None:
    names = []
    for size in range(3):
        (tree / "static/css/base.css").write_text(f"p{{margin:{size}px}}", "utf-8")
        assets.build(tree)
        names.append(built(tree)["app.css"])
    assert [(tree / "static/built" / name).is_file() for name in names] == [False, True, True]


def test_a_missing_file_is_named(tree: Path) -> None:
    (tree / "static/js/live.js").unlink()
    with pytest.raises(assets.MissingInput, match=r"static/js/live\.js"):
        assets.build(tree)


def test_every_script_and_sheet_of_ours_is_listed() -> None:
    ours = {f"static/{path.parent.name}/{path.name}" for path in ROOT.glob("static/*/*.[cj]s*")}
    ours = {path for path in ours if path.startswith(("static/css/", "static/js/"))}
    assert ours <= set(assets.INPUTS)


def test_every_page_behind_a_link_is_listed_for_its_sheet() -> None:
    """What such a page extends, draws or includes: without it here its rules would be missing."""
    pages = [ROOT / path for path in assets.LINK_PAGES]
    layout = [path for path in ROOT.glob("templates/**/*.html") if '"shared_links/layout.html"' in path.read_text()]
    drawn = re.findall(r'template="([^"]+)"', "".join(path.read_text() for path in ROOT.glob("webapp/**/*.py")))
    assert {*layout, *(ROOT / "templates" / name for name in drawn)} <= set(pages)


def test_the_picture_is_built_as_it_is(tree: Path) -> None:
    (tree / assets.PICTURE).write_bytes(bytes(range(256)))
    assets.build(tree)
    assert (tree / "static/built" / built(tree)["share.png"]).read_bytes() == bytes(range(256))
