"""A language that nobody speaks: it shows what is not translated, and what is cut off.

Every text is put into brackets, accented and made a third longer. What a page shows outside of the
brackets has not gone through the catalogue; a bracket that does not close was cut off.
"""

from __future__ import annotations

import gettext
import re
import shutil
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from playwright.sync_api import Page

from browser.walking import KIT
from casemodels import translations
from casemodels.languages import DOMAIN, Language
from casemodels.simulation.scenario import scenarios

CODE = "fo"  # a language that the kit has not, whose dates Babel writes in numbers only
OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.35
_ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "àçéîñöšûýžÀÇÉÎÑÖŠÛÝŽ")
_FILLER = "ôñé ţŵö þřéé ƒôûř ƒîṽé " * 60
# What stays as it is: placeholders, tags, code, the addresses of links.
_KEPT = re.compile(r"(\{[^{}]*\}|<[^<>]+>|`[^`]*`|\]\([^)]*\))")
_START = re.compile(r"(\s*(?:#+ |[-*] |\d+\. |> )?)(.*)", re.DOTALL)


def pseudo(words: str) -> str:
    """A text in the language, line by line, so that Markdown keeps its blocks."""
    return "\n".join(_line(line) for line in words.split("\n"))


def _line(line: str) -> str:
    found = _START.fullmatch(line)
    assert found
    start, rest = found.groups()
    if not rest.strip():
        return line
    parts = _KEPT.split(rest)
    said = "".join(
        one if place % 2 else one.translate(_ACCENTED) for place, one in enumerate(parts)
    )
    return f"{start}{OPEN}{said} {_FILLER[: ceil(len(rest) * LONGER)].strip()}{CLOSE}"


def kit_with_the_language(folder: Path) -> Path:
    """A copy of the kit, its package included, with one folder more: the language."""
    for part in ("casemodels", "notebooks", "scenarios", "exercises"):
        shutil.copytree(KIT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    compiled = locale(folder) / CODE / "LC_MESSAGES" / f"{DOMAIN}.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, _catalogue())
    return folder


def locale(kit: Path) -> Path:
    """Where the languages of a kit have their folders."""
    return kit / "casemodels" / "locale"


def tongue(kit: Path) -> Language:
    """The language itself, to say what a page should say."""
    return Language(CODE, gettext.translation(DOMAIN, locale(kit), [CODE]))


def _catalogue() -> Catalog:
    """Every text that another language has, said in this one."""
    made = Catalog(locale=CODE, domain=DOMAIN)
    people = {person.full_name for case in scenarios(KIT) for person in case.people}
    for entry in translations.read(translations.targets()[0]):
        if isinstance(entry.id, tuple):
            made.add(entry.id, tuple(pseudo(form) for form in entry.id))
        elif entry.id in people:  # whose first names also stand alone
            made.add(entry.id, " ".join(pseudo(name).replace(" ", "") for name in entry.id.split()))
        elif entry.id:
            made.add(entry.id, pseudo(entry.id))
    return made


# The texts of a page that can be seen or heard, each block as one; and what does not fit its box.
_LOOK = """
() => {
  const inline = (one) => /^(inline|contents|ruby)$/.test(getComputedStyle(one).display);
  const blockOf = (one) => {
    if (one.closest("svg text")) return one.closest("svg text");
    while (one.parentElement && inline(one)) one = one.parentElement;
    return one;
  };
  // What says that it is in another language is so on purpose, such as the names of languages.
  const abroad = (one) => one.closest("[lang]").lang !== document.documentElement.lang;
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, style, noscript, template, code")) continue;
    if (!parent.checkVisibility({ visibilityProperty: true }) || abroad(parent)) continue;
    const block = blockOf(parent);
    found.set(block, (found.get(block) ?? "") + node.data);
  }
  const said = [document.title, ...found.values()];
  const names = ["aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "title", "placeholder", "alt"];
  for (const one of document.body.querySelectorAll("*")) {
    // Of a picture only its title is read aloud, and nothing inside.
    if (abroad(one) || one.parentElement.closest("[role=img]")) continue;
    for (const name of names) if (one.getAttribute(name)) said.push(one.getAttribute(name));
    if (one.matches("input[type=submit], input[type=button]")) said.push(one.value);
  }
  const clipped = [...document.body.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const hides = (way) => ["hidden", "clip"].includes(style[way]);
    return one.innerText?.trim() && one.clientWidth > 2 && one.checkVisibility() && (
      (hides("overflowX") && one.scrollWidth > one.clientWidth + 1)
      || (hides("overflowY") && one.scrollHeight > one.clientHeight + 2));
  });
  return [said, clipped.map((one) => one.innerText.trim())];
}
"""
_OPEN_ALL = "document.querySelectorAll('details').forEach(one => (one.open = true))"


def faults(page: Page, names: Iterable[str]) -> list[str]:
    """What a page shows untranslated or cut off; `names` are those that no language translates."""
    page.evaluate(_OPEN_ALL)
    said, clipped = page.evaluate(_LOOK)
    known = sorted(names, key=len, reverse=True)
    found = [fault for words in said for fault in _of(" ".join(words.split()), known)]
    return sorted({*found, *(f"does not fit its box: {words[:80]}" for words in clipped)})


def _of(words: str, names: Iterable[str]) -> Iterator[str]:
    outside, depth = "", 0
    for letter in words:
        depth += (letter == OPEN) - (letter == CLOSE and depth > 0)
        outside += letter if not depth and letter != CLOSE else ""
    if words.count(OPEN) != words.count(CLOSE):
        yield f"cut off: {words[:160]}"
        return
    for name in names:
        outside = outside.replace(name, "")
    if re.search(r"[^\W\d_]{2,}", outside):
        yield f"not translated: {outside.strip()[:80]} (in: {words[:160]})"
