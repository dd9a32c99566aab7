/** The one who joins talk and text on this page, with or without editors. */

import { Talk } from "./talk";

let found: Talk | null = null;

export function talk(): Talk {
  found ??= new Talk();
  return found;
}
