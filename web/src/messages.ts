/**
 * The words of the scripts: gettext with German as msgid.
 *
 * The page carries the catalogue of its language as data in `<script type="application/json"
 * id="messages">`: `{msgid: text}` or `{msgid: [one, many]}`. A German page needs none.
 */

type Catalogue = Record<string, string | string[]>;
type Values = Record<string, string | number>;

let catalogue: Catalogue | null = null;

/** The text in the page's language; `%(name)s` is replaced from `values`. */
export function _(msgid: string, values: Values = {}): string {
  const found = messages()[msgid];
  return fill((typeof found === "string" ? found : found?.[0]) || msgid, values);
}

/** Singular or plural text by `n`; `%(n)s` is replaced. German and English have two forms. */
export function ngettext(one: string, many: string, n: number, values: Values = {}): string {
  const found = messages()[one];
  const forms = Array.isArray(found) ? found : [one, many];
  const text = n === 1 ? forms[0] : forms[1];
  return fill(text || (n === 1 ? one : many), { n, ...values });
}

/** The page's language, for `Intl`. */
export function language(): string {
  return document.documentElement.lang || "de";
}

function messages(): Catalogue {
  catalogue ??= read();
  return catalogue;
}

function read(): Catalogue {
  const source = typeof document === "undefined" ? null : document.getElementById("messages");
  if (!source?.textContent?.trim()) return {};
  try {
    return JSON.parse(source.textContent) as Catalogue;
  } catch (error) {
    console.error("messages: unreadable catalogue", error);
    return {};
  }
}

function fill(text: string, values: Values): string {
  return text.replace(/%\((\w+)\)[sd]/g, (whole, name: string) => String(values[name] ?? whole));
}
