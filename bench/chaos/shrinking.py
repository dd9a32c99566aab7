"""Finds a smaller recipe that still fails."""

from __future__ import annotations

from bench.chaos.recipe import Recipe
from bench.chaos.simulation import run

RUNS_MAX = 300


def shrunk(recipe: Recipe) -> Recipe:
    """The smallest failing recipe that was found by leaving out one thing at a time."""
    runs = 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for candidate in recipe.smaller():
            runs += 1
            if runs > RUNS_MAX:
                return recipe
            if run(candidate).found:
                recipe, is_smaller = candidate, True
                break
    return recipe
