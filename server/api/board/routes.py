"""All operations of the board."""

from server.api.board import claims, notes

operations = [*claims.operations, *notes.operations]
