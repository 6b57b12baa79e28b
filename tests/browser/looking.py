"""What a page shows that no person should have to meet: found by measuring it in the browser."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from backend import translations

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ("fi", "sv", "en")
OWN_NAMES = {"Suomi", "Svenska", "English"}  # languages are named in their own language

# Words that a sentence can hardly do without, and that the other two languages do not have
SMALL_WORDS = {
    "fi": {"ja", "että", "sekä", "ovat", "voit", "ei", "tai", "kun", "mutta", "sinun", "jos"},
    "sv": {"och", "att", "för", "är", "inte", "som", "på", "du", "eller", "till", "av", "ett"},
    "en": {"the", "and", "of", "you", "your", "for", "with", "is", "are", "this", "to", "by"},
}

_TEXTS = """() => {
  const shown = [];
  const language = (element) => element.closest("[lang]").lang.split("-")[0];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script,style,datalist,noscript,pre,code")) continue;
    shown.push([language(parent), node.data]);
  }
  for (const name of ["aria-label", "title", "alt", "placeholder", "data-label"])
    for (const element of document.querySelectorAll(`[${name}]`))
      shown.push([language(element), element.getAttribute(name)]);
  for (const input of document.querySelectorAll("input[type=submit],input[type=button]"))
    shown.push([language(input), input.value]);
  shown.push([document.documentElement.lang, document.title]);
  return shown;
}"""

_TARGETS = """() => {
  const small = [];
  const words = (element) => (element.innerText || element.value || element.id || "").trim().slice(0, 40);
  const sentence = (element) => {
    const box = element.closest("p,li,td,th,dd,caption,h1,h2,h3,label,div");
    return getComputedStyle(element).display === "inline" && box
      && box.innerText.trim().length > element.innerText.trim().length;
  };
  for (const element of document.querySelectorAll("a[href],button,input,select,textarea,summary")) {
    if (element.type === "hidden" || element.closest(".vh,.skip")) continue;
    const label = element.labels && element.labels.length && /checkbox|radio/.test(element.type)
      ? element.labels[0].getBoundingClientRect() : null;
    const box = element.getBoundingClientRect();
    if (!box.width || sentence(element)) continue;
    const width = Math.max(box.width, label ? label.width : 0);
    const height = Math.max(box.height, label ? label.height : 0);
    const main = element.matches(".button, textarea, select, input:not([type=checkbox],[type=radio])");
    const least = main ? 44 : 24;
    if (height < least - 0.5 || width < Math.min(least, 24) - 0.5)
      small.push(`${words(element)} ${Math.round(width)}×${Math.round(height)} < ${least}`);
  }
  return small;
}"""

_ENTER = """() => {
  const wrong = [];
  const said = (button) => button.textContent.trim();
  for (const form of document.forms) {
    const typed = [...form.elements].filter((field) =>
      field.matches("input:not([type=hidden],[type=checkbox],[type=radio],[type=submit])"));
    const buttons = [...form.elements].filter((one) => one.type === "submit");
    const primary = ".button:not(.second):not([tabindex='-1'])";
    const main = buttons.find((one) => one.matches(primary)) || buttons[0];
    if (typed.length && buttons.length && said(buttons[0]) !== said(main))
      wrong.push(`${typed[0].name}: ${said(buttons[0])}, not ${said(main)}`);
    if (typed.length && !buttons.length) wrong.push(`${typed[0].name}: nothing`);
  }
  return wrong;
}"""

_WIDER = """() => {
  const room = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - room;
  if (over <= 0) return [];
  const scrolls = (element) => element.parentElement.closest("[tabindex='0']");
  const guilty = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((element) => element.getBoundingClientRect().right > room + 1 && !scrolls(element))
    .map((element) => element.tagName.toLowerCase() + "." + element.className).slice(0, 3);
  return [`${over} px too wide: ${guilty.join(", ")}`];
}"""

_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_LARGE = "() => { document.adoptedStyleSheets = []; document.documentElement.style.fontSize = '200%'; }"
_AS_IT_WAS = "() => { document.adoptedStyleSheets = []; document.documentElement.style.fontSize = ''; }"


def barriers(page: Page, *, good_practice: bool = True, colours: bool = True) -> list[str]:
    """Ask axe: WCAG 2.2 A and AA, and what is good practice on a page.

    ``colours`` are nearly half of its work, and no other ones in the next language.
    """
    tags = [*WCAG, "best-practice"] if good_practice else WCAG
    options: Any = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": tags},
        "rules": {"color-contrast": {"enabled": colours}},
    }
    response: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"axe {found['id']}: {found['nodes'][0]['html'][:160]} ({len(found['nodes'])})"
        for found in response["violations"]
    ]


def small_targets(page: Page) -> list[str]:
    """Find what is hard to hit: 24 px everywhere, 44 px for buttons and fields."""
    return [f"target {one}" for one in page.evaluate(_TARGETS)]


def enter_elsewhere(page: Page) -> list[str]:
    """Find fields in which Enter presses another button than the main one of their form."""
    return [f"Enter in {one}" for one in page.evaluate(_ENTER)]


def too_wide(page: Page) -> list[str]:
    """Find what makes the page scroll sideways as it stands."""
    return [str(one) for one in page.evaluate(_WIDER)]


def sideways(page: Page) -> list[str]:
    """Find what makes the page wider than a small phone, with wider spacing, and with text twice as large."""
    found = [f"320 px: {one}" for one in too_wide(page)]
    page.evaluate(_SPACED)
    found += [f"text spacing: {one}" for one in too_wide(page)]
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate(_LARGE)
    found += [f"200 %: {one}" for one in too_wide(page)]
    page.evaluate(_AS_IT_WAS)
    page.set_viewport_size({"width": 320, "height": 640})
    return found


def foreign_words(page: Page, language: str) -> list[str]:
    """Find words of the house in another language than the page, and sentences whose language is not told."""
    told = page.evaluate("() => document.documentElement.lang")
    found = [] if told == language else [f"lang is {told}, not {language}"]
    for marked, raw in page.evaluate(_TEXTS):
        text = " ".join(raw.split())
        if text in OWN_NAMES:
            continue
        if marked not in LANGUAGES:
            found.append(f"lang={marked}: {text[:60]}")
        elif (said_in := spoken_in(text)) and marked not in said_in:
            found.append(f"in {'/'.join(sorted(said_in))}, marked {marked}: {text[:80]}")
    return found


def spoken_in(text: str) -> set[str]:
    """Tell of which languages a text can be; empty when it cannot be told."""
    own = _catalogue().get(text)
    if own:
        return own
    words = set(re.findall(r"[a-zåäö]+", text.lower()))
    count = {language: len(words & small) for language, small in SMALL_WORDS.items()}
    best = max(count.values())
    return {language for language, hits in count.items() if hits == best} if best >= 2 else set()


@cache
def _catalogue() -> dict[str, set[str]]:
    """Read every whole text of the house: text → the languages in which it is said so."""
    said: dict[str, set[str]] = defaultdict(set)
    for path in translations.catalogues():
        with path.open("rb") as file:
            for message in read_po(file):
                ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
                for language, forms in (("en", ids), (path.parts[-3], texts)):
                    for form in forms:
                        said[" ".join(str(form).split())].add(language)
    del said[""]
    return said
