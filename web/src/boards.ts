/** The board of a workshop: its canvas and its list, over the list that the page came with. */

import "./css/boards.css";
import { boardSurface } from "./boards/desk";
import { Session } from "./editor/sync/session";

const place = document.querySelector<HTMLElement>("#notes-board[data-document]");
if (place) {
  const company = { isFrozen: () => false, marksOf: () => "", extra: () => null };
  void new Session(
    place,
    boardSurface(company, () => undefined),
  ).start();
}
