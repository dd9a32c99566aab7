/** What was found, as a list to read, open, copy and take along. */

import { _, language, ngettext } from "../messages";
import { moment } from "../offline/kept";
import type { Found } from "./found";

export function showFound(place: HTMLElement, found: readonly Found[], others: number): void {
  place.replaceChildren();
  if (found.length === 0) {
    place.append(
      paragraph(_("Nichts: Alles, was Sie hier geschrieben haben, ist auf dem Server.")),
    );
  } else {
    const list = document.createElement("ul");
    list.className = "found";
    list.setAttribute("role", "list");
    list.append(...found.map(itemOf));
    place.append(list);
  }
  if (others === 0) return;
  place.append(
    paragraph(
      _(
        "Auch von anderen, die dieses Gerät benutzt haben, liegt hier noch etwas, das nicht gesendet ist. Wenn Sie das Gerät leeren, ist es fort.",
      ),
    ),
  );
}

export function showKept(
  place: HTMLElement,
  pages: readonly { path: string; title: string; at: number }[],
): void {
  if (pages.length === 0) return;
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.className = "found";
  for (const { path, title, at } of pages) {
    const item = document.createElement("li");
    const time = moment(new Date(at), new Date(), language());
    item.append(link(path, title || path), meta(_("Stand von %(time)s", { time })));
    list.append(item);
  }
  place.replaceChildren(list);
}

function itemOf(found: Found): HTMLElement {
  const item = document.createElement("li");
  const { title, path, n, text } = found;
  item.append(path ? link(path, title) : strong(title));
  item.append(
    meta(
      n > 0
        ? ngettext(
            "%(n)s Änderung nur auf diesem Gerät",
            "%(n)s Änderungen nur auf diesem Gerät",
            n,
          )
        : _("Nicht gesendet; auf der Seite können Sie es senden oder verwerfen."),
    ),
  );
  const details = document.createElement("details");
  details.className = "fold";
  const summary = document.createElement("summary");
  summary.textContent = _("Text zeigen");
  const shown = document.createElement("pre");
  shown.className = "found-text";
  shown.dir = "auto";
  shown.textContent = text;
  details.append(summary, shown);
  item.append(details, ways(title, text));
  return item;
}

function ways(title: string, text: string): HTMLElement {
  const row = document.createElement("p");
  row.className = "actions";
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "button small";
  copy.textContent = _("Text kopieren");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = _("Kopiert");
    } catch {
      said.textContent = _("Hier nicht möglich – bitte herunterladen");
    }
  });
  const save = document.createElement("a");
  save.className = "button small";
  save.textContent = _("Text herunterladen");
  save.download = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "text"}.txt`;
  save.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  row.append(copy, save, said);
  return row;
}

function link(path: string, title: string): HTMLElement {
  const found = document.createElement("a");
  found.href = path;
  found.textContent = title;
  found.dir = "auto";
  return found;
}

function strong(title: string): HTMLElement {
  const found = document.createElement("strong");
  found.textContent = title;
  found.dir = "auto";
  return found;
}

function meta(text: string): HTMLElement {
  const found = paragraph(text);
  found.className = "meta";
  return found;
}

export function paragraph(text: string): HTMLElement {
  const found = document.createElement("p");
  found.textContent = text;
  return found;
}
