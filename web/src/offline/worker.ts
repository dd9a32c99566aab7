/** Registers the service worker, under the one name that the pages' policy allows for that. */

import { handle } from "../person";

const WORKER = "/sw.js";
/** The page itself comes first: on a bad line the worker's files would compete with it. */
const WAIT_MS = 2_000;

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** Keep pages from now on, for who is signed in, where the browser can. */
export function keepPages(): void {
  if (!("serviceWorker" in navigator) || !handle()) return;
  const start = () => setTimeout(() => void register(), WAIT_MS);
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register(address(), { scope: "/" });
    const { active } = await navigator.serviceWorker.ready;
    // A page that came past its worker is asked for once more, and kept.
    if (!document.body.dataset.keptAt) active?.postMessage({ keep: location.pathname });
  } catch (error) {
    // Without it everything works as long as there is a network.
    console.info("pages are not kept on this device:", error);
  }
}

function address(): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  const rules = { createScriptURL: () => WORKER };
  return (factory?.createPolicy("arena-worker", rules) ?? rules).createScriptURL(WORKER);
}
