/** The one place where our own HTML becomes nodes, under the Trusted Types policy `arena`. */

interface Policy {
  createHTML(html: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

const RULES: Policy = { createHTML: (html) => html };

let policy: Policy | null = null;

/**
 * Parse HTML that our own server rendered; scripts in it do not run.
 *
 * Only for answers to same-origin requests: the policy trusts what it is given.
 */
export function parseMarkup(html: string): Document {
  policy ??= trustedTypes()?.createPolicy("arena", RULES) ?? RULES;
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}

/** Fetch a page or fragment of our own site; null if it is refused, gone or not reachable. */
export async function fetchMarkup(path: string): Promise<Document | null> {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) return null;
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-cache" });
    return response.ok && !response.redirected ? parseMarkup(await response.text()) : null;
  } catch {
    return null;
  }
}

function trustedTypes(): PolicyFactory | undefined {
  return (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
}
