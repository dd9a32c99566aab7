/** Takes everything of Arena off this device; the server's answer does the same once more. */

import { copyNames, deleteCopy, keys, remove } from "../person";

const LEFT = "arena:";

/** Delete copies of texts, kept pages, notes and the worker. Returns when all of it is gone. */
export async function clearAll(): Promise<void> {
  for (const key of keys()) if (key.startsWith(LEFT)) remove(key);
  await Promise.all((await copyNames()).map(deleteCopy));
  if (!("serviceWorker" in navigator)) return;
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}
