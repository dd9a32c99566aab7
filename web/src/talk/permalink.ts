/**
 * Old links to a comment name a place on this page (`#comment-…`). Once the comment has left the
 * page, the server knows where it stands now.
 */

const COMMENT = /^#comment-([0-9a-f-]{36})$/;

/** Go to the comment that the address names, if it is not here. */
export function followComment(): void {
  const id = COMMENT.exec(location.hash)?.[1];
  const isHere = document.getElementById(location.hash.slice(1)) !== null;
  if (id && !isHere) location.replace(`${location.pathname}/comments/${id}`);
}
