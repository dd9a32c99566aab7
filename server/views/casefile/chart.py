"""A small line of measured values over time, drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, MARGIN = 320, 96, 8


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value where it is drawn."""

    x: float
    y: float
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Values as points, with the heights of target and baseline; None where there is none."""

    points: tuple[Point, ...]
    target_y: float
    baseline_y: float | None
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as an SVG polyline wants them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def chart(
    values: Sequence[tuple[date, float]], *, target: float, baseline: float | None, due: date
) -> Chart | None:
    """The values between the first day and the last, or the day they are due; None without any.

    ``values`` are in the order of their days. Target and baseline are always inside.
    """
    if not values:
        return None
    first, last = values[0][0], max(values[-1][0], due)
    shown = [value for _, value in values] + [target] + ([] if baseline is None else [baseline])
    low, high = min(shown), max(shown)

    def x(day: date) -> float:
        days = (last - first).days
        share = (day - first).days / days if days else 0.5
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)

    return Chart(
        points=tuple(Point(x(day), y(value), day, value) for day, value in values),
        target_y=y(target),
        baseline_y=None if baseline is None else y(baseline),
    )
