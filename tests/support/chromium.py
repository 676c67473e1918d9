"""Pages as Chromium shows them: one sheet of frames, each as wide as a window, measured and made a picture."""

import json
import os
import re
import shutil
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path

import pytest

from daemon.domain.values import Value

_SECONDS = 60
_SHEET = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0;display:flex;flex-wrap:wrap">{frames}
<script>addEventListener("load", () => {{
  const figures = [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument.documentElement;
    frame.height = page.scrollHeight;
    return {{name: frame.name, width: page.clientWidth, needed: page.scrollWidth, text: page.innerText}};
  }});
  document.body.append(Object.assign(document.createElement("pre"), {{
    id: "figures", hidden: true, textContent: JSON.stringify(figures)
  }}));
}});</script>"""
_FRAME = '<iframe name="{name}" width="{width}" style="border:0" srcdoc="{page}"></iframe>'
_FIGURES = re.compile('<pre id="figures" hidden="">(.*?)</pre>', re.DOTALL)


class Shown(Value, frozen=True, kw_only=True):
    """A page as it stood in its frame: how wide that was, how wide the page wanted to be, and the words to be seen."""

    name: str
    width: int
    needed: int
    text: str


def chromium() -> str:
    """The program; without it the test is skipped, but never in CI."""
    found = shutil.which("chromium")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: make debian")
        pytest.skip("no chromium (make debian)")
    return found


def show(pages: Mapping[str, str], widths: Sequence[int], folder: Path) -> tuple[list[Shown], Path]:
    """Every page in a frame of each width, and the picture of them all."""
    each = [(name, width, escape(page)) for width in widths for name, page in pages.items()]
    frames = (_FRAME.format(name=name, width=width, page=page) for name, width, page in each)
    sheet, picture = folder / "sheet.html", folder / "sheet.png"
    sheet.write_text(_SHEET.format(frames="".join(frames)), "utf-8")
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking")
    asked = ("--window-size=4200,6400", f"--user-data-dir={folder}", f"--screenshot={picture}", "--dump-dom")
    command = [chromium(), *quiet, *asked, sheet.as_uri()]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
    found = _FIGURES.search(ran.stdout.decode("utf-8"))
    assert found, ran.stderr
    return [Shown(**one) for one in json.loads(unescape(found[1]))], picture


def different_rows(picture: Path) -> int:
    """How many rows of a PNG differ from one another: next to none where nothing was drawn."""
    raw, at, packed = picture.read_bytes(), 8, b""
    width = int.from_bytes(raw[16:20])
    samples = {2: 3, 6: 4}[raw[25]]
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 4])
        if raw[at + 4 : at + 8] == b"IDAT":
            packed += raw[at + 8 : at + 8 + length]
        at += length + 12
    rows, row = zlib.decompress(packed), width * samples + 1
    return len({rows[start : start + row] for start in range(0, len(rows), row)})
