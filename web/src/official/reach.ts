/** Whether the server can be reached right now; browsers only guess. */

const WAIT_MS = 4_000;

export async function isReachable(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal });
    return true;
  } catch {
    return false;
  }
}
