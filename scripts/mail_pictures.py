# ruff: noqa: INP001 - a script, not a package
"""Takes the pictures of mails that docs/guide/mails.md shows: on three phones side by side, and on a desktop.

They are made of the same samples as the tests read, by the same code that sends. After a wording or the frame
has changed, run ``python scripts/mail_pictures.py`` and look at what came out. Needs Chromium.
"""

import os
import shutil
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "backend.settings",
    "SECRET_KEY": "only for these pictures: links stay the same, and lead nowhere",
    "VIPU_PUBLIC_URL": "https://vipu.example.org",
}
django.setup()

from backend.core.i18n import LANGUAGES, Language  # noqa: E402 - once Django is set up
from notifications import kinds, rendering  # noqa: E402
from notifications.mime import file_name  # noqa: E402

INTO = HOME / "docs" / "guide" / "pictures"
PHONE, DESKTOP = 390, 1000
COLOURS = 10
SHOWN: dict[str, Language] = {  # with the language of the picture on a desktop
    "confirmation": "fi",
    "reminder": "sv",
    "changed": "en",
    "cancelled_by_organiser": "fi",
    "offer": "sv",
    "survey": "en",
}
IN_THE_DARK = {"reminder"}
SHEET = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #C9D3CE; font: 15px/22px system-ui, sans-serif; color: #15211C; }
main { display: inline-flex; gap: 16px; padding: 16px; align-items: flex-start; }
section { background: #FFF; border-radius: 12px; overflow: hidden; }
header { padding: 12px 16px; border-bottom: 1px solid #D5DED9; }
h1 { font-size: 18px; line-height: 24px; margin: 0 0 4px; }
p { margin: 0; }
.file { display: inline-block; margin-top: 8px; padding: 2px 12px; border: 1px solid; border-radius: 99px; }
iframe { display: block; border: 0; }
@media (prefers-color-scheme: dark) {
  body { background: #33413A; color: #E9F1EC; } section { background: #0F1714; }
}
</style><main>%s</main>"""
GROW = "all => all.forEach(one => one.height = one.contentDocument.documentElement.scrollHeight)"
# Sixteen colours are enough for words on paper, and a picture of a tenth of the size
FEWER = """async ([png, limit]) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const data = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const times = new Map();
  for (const colour of data) times.set(colour, (times.get(colour) ?? 0) + 1);
  const parts = colour => [colour & 255, colour >> 8 & 255, colour >> 16 & 255];
  const apart = (one, other) => parts(one).reduce((sum, part, i) => sum + (part - parts(other)[i]) ** 2, 0);
  const palette = [];
  for (const [colour] of [...times].sort((one, other) => other[1] - one[1]))
    if (palette.length < limit && palette.every(kept => apart(kept, colour) >= 300)) palette.push(colour);
  const nearest = new Map([...times.keys()].map(colour => [colour, palette.reduce(
    (best, kept, i) => apart(kept, colour) < apart(palette[best], colour) ? i : best, 0)]));
  let indexes = "";
  for (const colour of data) indexes += String.fromCharCode(nearest.get(colour));
  return [picture.width, palette.map(parts), btoa(indexes)];
}"""


def _mail(key: str, language: Language, *, width: int) -> str:
    """Show a mail as a mail program would: who writes, about what, what is attached, and the mail itself."""
    draft = kinds.get(key).sample(language)
    seen = rendering.render(draft)
    named = file_name(method=draft.calendar.method, language=language) if draft.calendar else ""
    file = f'<p class="file">{named}</p>' if named else ""
    return (
        f'<section style="width: {width}px"><header><h1>{escape(seen.subject)}</h1><p>Vipu</p>{file}</header>'
        f'<iframe width="{width}" srcdoc="{escape(seen.html)}"></iframe></section>'
    )


def _take(browser: Browser, sheet: Sequence[str], name: str, *, dark: bool = False) -> None:
    page = browser.new_page(color_scheme="dark" if dark else "light")
    page.set_content(SHEET % "".join(sheet), wait_until="load")
    page.eval_on_selector_all("iframe", GROW)
    picture = b64encode(page.locator("main").screenshot()).decode()
    width, palette, indexes = page.evaluate(FEWER, [picture, COLOURS])
    page.close()
    (INTO / f"mail-{name}.png").write_bytes(_png(width, palette, b64decode(indexes)))


def _png(width: int, palette: Sequence[Sequence[int]], indexes: bytes) -> bytes:
    """Write a picture of sixteen colours, two dots to a byte."""
    rows = [indexes[start : start + width] + b"\0" for start in range(0, len(indexes), width)]
    packed = (
        bytes(left << 4 | right for left, right in zip(row[::2], row[1::2], strict=False)) for row in rows
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(part for colour in palette for part in colour)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in packed), 9)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main() -> None:
    """Take all of them."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for key, language in SHOWN.items():
            _take(browser, [_mail(key, one, width=PHONE) for one in LANGUAGES], f"{key}-phone")
            _take(browser, [_mail(key, language, width=DESKTOP)], f"{key}-desktop", dark=key in IN_THE_DARK)
        browser.close()


if __name__ == "__main__":
    main()
