"""All operations of the board."""

from server.api.board import claims, decisions, moves, notes

operations = [
    *claims.operations,
    *moves.operations,
    *decisions.operations,
    *notes.operations,
]
