"""axe-core on a page: no violation of WCAG 2.2 A and AA or of axe's best practices.

Measuring contrast takes axe most of its time, and pages have much in common. Text that is drawn
like text that has passed before, on whichever page, is not measured again; whatever did not pass
is. Text in a box that is placed over others is always measured: what lies behind it is no part of
how it is drawn.
"""

from __future__ import annotations

import functools
from importlib.resources import files

from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

LOOK = """async ([options, passed]) => {
    const style = (each) => getComputedStyle(each);
    const root = style(document.documentElement);
    const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'];
    const light = media.map((each) => matchMedia(each).matches).join() + root.colorScheme;

    // What is drawn behind an element's text; null if its ancestors do not tell.
    const behind = new Map([[null, light]]);
    const ground = (each) => {
        if (!behind.has(each)) {
            const [own, outer] = [style(each), ground(each.parentElement)];
            const colours = [own.backgroundColor, own.backgroundImage, own.opacity];
            const drawn = [...colours, own.filter, own.mixBlendMode].join();
            const isPlaced = outer === null || ['absolute', 'fixed'].includes(own.position);
            const isPlain = drawn === 'rgba(0, 0, 0, 0),none,1,none,normal';
            behind.set(each, isPlaced ? null : isPlain ? outer : `${outer}|${drawn}`);
        }
        return behind.get(each);
    };
    const look = (each) => {
        const [own, under] = [style(each), ground(each)];
        const text = [own.color, own.fontSize, own.fontWeight, own.textShadow, under].join();
        return under === null ? null : `${each.tagName}.${each.className} ${text}`;
    };
    const hash = (text) => {
        let [one, other] = [0xdeadbeef, 0x41c6ce57];
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
            other = Math.imul(other ^ text.charCodeAt(at), 1597334677);
        }
        return `${(one >>> 0).toString(36)}${(other >>> 0).toString(36)}`;
    };

    const [known, fresh] = [new Set(passed), new Set()];
    const check = axe._audit.checks['color-contrast'];
    check.measure ??= check.evaluate;
    check.evaluate = function (element, ...others) {
        const found = look(element);
        const key = found && hash(found);
        if (known.has(key)) return true;
        const isGood = check.measure.call(this, element, ...others);
        if (isGood === true && key) {
            fresh.add(key);
            known.add(key);
        }
        return isGood;
    };
    const { violations } = await axe.run(document, options);
    const told = ({ id, help, nodes }) =>
        `${id} (${help}): ${nodes.map(({ target }) => String(target)).join('; ')}`;
    return [violations.map(told), [...fresh]];
}"""

_passed: set[str] = set()
"""How text was drawn that had enough contrast, on any page of this run."""


@functools.cache
def source() -> str:
    """axe-core's script; it is evaluated, because the pages rightly load no foreign one."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """What axe finds: rule, help and the elements."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(source())
    # What is right need not be described, and no rule of these reads the style sheets.
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
    found, passed = await page.evaluate(LOOK, [options, [*_passed]])
    _passed.update(passed)
    return list(map(str, found))
