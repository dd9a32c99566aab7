"""The evening, for the folder of the board as well."""

from tests.server.workshop.conftest import kiez

__all__ = ["kiez"]
