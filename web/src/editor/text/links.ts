/** Which addresses a link may have. The server's renderer has the same list. */

const SCHEMES = new Set(["http:", "https:", "mailto:"]);
const ADDRESS_CHARACTERS_MAX = 2_000;

/** The address if a link may have it, in canonical form; null otherwise. */
export function safeHref(text: unknown): string | null {
  if (typeof text !== "string" || text.length > ADDRESS_CHARACTERS_MAX) return null;
  const address = text.trim();
  // Browsers drop these inside a scheme, which turns "java\nscript:" into another address.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f-\u009f]/.test(address)) return null;
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** What a person types as an address: a scheme is added where it is only missing. */
export function typedHref(text: string): string | null {
  const address = text.trim();
  if (!address) return null;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return safeHref(`mailto:${address}`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/]+\.[a-z]+:\d/i.test(address)) {
    return safeHref(address);
  }
  return /^[^\s/]+\.[^\s/]{2,}/.test(address) ? safeHref(`https://${address}`) : null;
}
