/** Fetches the cards of suggestions: our own server's HTML, parsed by the browser's request. */

/**
 * The fragment at `path`; null if it is refused or not reachable.
 *
 * A request that answers with a document needs no policy of Trusted Types: the one of this page
 * belongs to main.ts, and there may be only one.
 */
export function fetchCards(path: string): Promise<Document | null> {
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      resolve(request.status === 200 ? request.responseXML : null);
    });
    request.open("GET", new URL(path, location.href));
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.send();
  });
}
