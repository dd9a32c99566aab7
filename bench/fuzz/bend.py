"""Bends one thing in an honest update: a clock, a neighbour, a kind, a length, an order."""

from __future__ import annotations

import random

from bench.fuzz.grammar import BIG
from bench.fuzz.wire import Draft, Piece
from collab.sync.yjs.update import Id


def bent(draft: Draft, dice: random.Random) -> Draft:
    """The draft with one or two things changed; it is changed in place."""
    for _ in range(dice.choice((1, 1, 2))):
        if draft.deletes and (not draft.blocks or dice.random() < 0.3):
            _bend_delete(draft, dice)
        elif draft.blocks:
            _bend_block(draft, dice)
    return draft


def _bend_delete(draft: Draft, dice: random.Random) -> None:
    at = dice.randrange(len(draft.deletes))
    client, start, length = draft.deletes[at]
    draft.deletes[at] = dice.choice(
        [
            (client, start + 1, length),
            (client, max(0, start - 1), length),
            (client, start, length + 1),
            (client, start, dice.choice(BIG)),
            (dice.choice((1, client + 1)), start, length),
        ]
    )


def _bend_block(draft: Draft, dice: random.Random) -> None:
    at = dice.randrange(len(draft.blocks))
    client, clock, pieces = draft.blocks[at]
    chance = dice.randrange(8)
    if chance == 0:
        draft.blocks[at] = (client, dice.choice((clock + 1, max(0, clock - 1), *BIG)), pieces)
    elif chance == 1:
        draft.blocks[at] = (dice.choice((1, client + 1, dice.randrange(1 << 32))), clock, pieces)
    elif chance == 2:
        draft.blocks.insert(dice.randrange(at + 1), (client, clock, list(pieces)))
    elif chance == 3 and len(pieces) > 1:
        dice.shuffle(pieces)
    elif chance == 4 and len(pieces) > 1:
        del pieces[dice.randrange(len(pieces))]
    elif pieces:
        which = dice.randrange(len(pieces))
        pieces[which] = _bent_piece(pieces[which], client, clock, dice)


def _bent_piece(piece: Piece, client: int, clock: int, dice: random.Random) -> Piece:
    match dice.randrange(6):
        case 0:
            return piece._replace(origin=_moved(piece.origin or (client, max(0, clock - 1)), dice))
        case 1:
            return piece._replace(right=_moved(piece.right or (client, max(0, clock - 1)), dice))
        case 2:
            return piece._replace(origin=None)
        case 3:
            return piece._replace(right=None)
        case 4:
            return piece._replace(origin=piece.right, right=piece.origin)
    return piece._replace(kind=dice.choice((0, 1, 4, 6, 7, 8)))


def _moved(ident: Id, dice: random.Random) -> Id:
    return ident[0], max(0, ident[1] + dice.choice((-9, -2, -1, 1, 2, 9)))
