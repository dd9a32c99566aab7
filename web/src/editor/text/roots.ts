/** The roots of a shared document: the title and one for each section. */

import type * as Y from "yjs";

/** A shared type whatever its events; Yjs' own types for them exclude each other. */
// biome-ignore lint/suspicious/noExplicitAny: as in the types of Yjs
export type SharedType = Y.AbstractType<any>;

/** Did a transaction change anything under this root? */
export function isRootChanged(
  doc: Y.Doc,
  root: string,
  changedParents: ReadonlyMap<SharedType, unknown>,
): boolean {
  return changedParents.has(doc.getXmlFragment(root) as SharedType);
}

/** The name of each section on the page, by its root. */
export function labelsOf(dossier: HTMLElement): Map<string, string> {
  const hosts = [...dossier.querySelectorAll<HTMLElement>("[data-section]")];
  return new Map(hosts.map(({ dataset }) => [dataset.section ?? "", dataset.label ?? ""]));
}
