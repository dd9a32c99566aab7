/**
 * Pages of our own, fetched as documents: no markup passes through a script, so no Trusted Types
 * policy is needed beside the one of main.ts, and scripts in them do not run.
 */

export interface Fetched {
  ok: boolean;
  /** It led elsewhere: to the sign-in page, or to where one goes after an answer. */
  url: string;
  page: Document;
}

/** Get a page, or post a form to it; null if the server cannot be reached. */
export function fetchPage(address: string, body?: URLSearchParams): Promise<Fetched | null> {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) return Promise.resolve(null);
  const request = new XMLHttpRequest();
  request.open(body ? "POST" : "GET", url);
  request.responseType = "document";
  request.setRequestHeader("Accept", "text/html");
  return new Promise((resolve) => {
    request.onload = () => {
      const page = request.response as Document | null;
      const ok = request.status >= 200 && request.status < 300;
      resolve(page && { ok, url: request.responseURL, page });
    };
    request.onerror = request.onabort = request.ontimeout = () => resolve(null);
    request.send(body);
  });
}
