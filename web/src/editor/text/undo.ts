/** Undo of one's own edits only, over all sections of the document together. */

import { defaultDeleteFilter, defaultProtectedNodes, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";

const STEP_MS_MAX = 10_000;

/** The undo steps of this person on this page. A step ends after a pause or ten seconds. */
export function undoManagerFor(roots: readonly Y.XmlFragment[]): Y.UndoManager {
  const manager = new Y.UndoManager([...roots], {
    trackedOrigins: new Set([ySyncPluginKey]),
    deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
    captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
  });
  let startedAt = 0;
  manager.on("stack-item-added", () => {
    startedAt = Date.now();
  });
  manager.on("stack-item-updated", () => {
    if (Date.now() - startedAt > STEP_MS_MAX) manager.stopCapturing();
  });
  return manager;
}
