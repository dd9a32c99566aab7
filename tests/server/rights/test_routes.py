"""Every route that changes something says which right it asks for."""

from starlette.routing import Route

from server.routes import PAGE_MODULES, operations
from tests.server.rights.rules import FORMS, OPERATIONS

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def test_p1_every_operation_that_changes_something_has_a_rule() -> None:
    changing = {each.name for each in operations() if each.method in CHANGING}
    assert changing - OPERATIONS.keys() == set(), "no rule for these operations"
    assert OPERATIONS.keys() - changing == set(), "rules for operations that are not there"


def test_p1_every_form_has_a_rule() -> None:
    forms = {
        route.path
        for module in PAGE_MODULES
        for route in module.routes
        if isinstance(route, Route) and CHANGING & set(route.methods or ())
    }
    assert forms - FORMS.keys() == set(), "no rule for these forms"
    assert FORMS.keys() - forms == set(), "rules for forms that are not there"
