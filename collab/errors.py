"""Why something was refused: one tree, used by rules, actions, pages and sockets alike.

Refusal
├── NotAllowed     this actor may not do this            HTTP 403
├── NotFound       it is not there, or not for you       404
├── Conflict       somebody was first                    409  data: current, winner
├── Unmet          conditions are still open             422  data: unmet, all of them
├── Invalid        the input has faulty fields           422  data: fields = {name: code}
└── Limited        too much, too fast                    429  data: retry_after_s

``code`` is stable and kebab-case; programs read it and the server words it in the reader's
language. A refusal may carry a narrower code than its class: ``Conflict("handle-taken")``. The
docstring is the message for developers.
"""


class Refusal(Exception):
    """The request was refused."""

    code: str = "refused"

    def __init__(self, code: str | None = None, /, **data: object) -> None:
        self.code = code or type(self).code
        self.data: dict[str, object] = data
        super().__init__(self.code, data)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        message = (type(self).__doc__ or "").partition("\n")[0]
        return f"{message} [{self.code}]" + (f" ({details})" if details else "")


class NotAllowed(Refusal):
    """The actor has no role that allows this here."""

    code = "not-allowed"


class NotFound(Refusal):
    """There is nothing by this name, or the actor may not know of it."""

    code = "not-found"


class Conflict(Refusal):
    """The state is no longer the one the request was made for."""

    code = "conflict"


class Unmet(Refusal):
    """Conditions are still open; ``data["unmet"]`` lists all of them."""

    code = "unmet"


class Invalid(Refusal):
    """Fields are faulty; ``data["fields"]`` maps each name to a code."""

    code = "invalid"


class Limited(Refusal):
    """Too many requests in a short time."""

    code = "limited"
