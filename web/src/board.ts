/** The moderators' board: dragging, keys, the question before a move, and who is at which card. */

import "./css/board.css";
import { startDragging } from "./board/dragging";
import { startKeys } from "./board/keys";
import { keepPlace } from "./board/place";
import { startMoves } from "./board/question";
import { startSelection } from "./board/selection";

const board = document.getElementById("board");
if (board) {
  keepPlace(board);
  startMoves(board);
  startDragging(board);
  startKeys(board);
  startSelection(board);
}
