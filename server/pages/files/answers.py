"""Files as answers: under their own name, to be laid down and not to be shown."""

from starlette.responses import Response

from server.exporting.files.paper import Paper
from server.exporting.files.press import MEDIA, PRESS, Form

CALENDAR = "text/calendar; charset=utf-8"
CSV = "text/csv; charset=utf-8"


async def paper_file(paper: Paper, form: Form, name: str) -> Response:
    """The paper as a file; ``name`` is of ids alone, never of what people wrote."""
    return laid_down(await PRESS.written(paper, form), MEDIA[form], f"{name}.{form}")


def laid_down(content: bytes, media: str, name: str) -> Response:
    """Bytes that a browser saves."""
    assert name.isascii(), name
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)
