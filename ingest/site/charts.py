"""Charts as SVG, made on the server. Lengths across are percentages: text keeps its size at every width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

_FEW = 4
_THICKEST = 9.0  # percent of the width: two bars are still bars
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def periods(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Quotes by month (``2025-07``) as one row of bars without gaps: months for up to two years, or years.

    ``{"2025-01": 2, "2025-03": 1}`` → ``[("2025-01", 2), ("2025-02", 0), ("2025-03", 1)]``.
    """
    if not counts:
        return []
    first, last = min(counts), max(counts)
    from_year, to_year = int(first[:4]), int(last[:4])
    months = [f"{year}-{month:02}" for year in range(from_year, to_year + 1) for month in range(1, 13)]
    months = [month for month in months if first <= month <= last]
    if len(months) <= 24:
        return [(month, counts.get(month, 0)) for month in months]
    years = dict.fromkeys((str(year) for year in range(from_year, to_year + 1)), 0)
    for month, quotes in counts.items():
        years[month[:4]] += quotes
    return list(years.items())


def bars(
    values: Sequence[tuple[str | int, int]],
    *,
    title: str,
    height: int = 120,
    most: int = 0,
    labels: bool = True,
) -> Markup:
    """A row of bars, each with its name and number as a tooltip; ``most`` is the value of a full bar.

    ``title`` is what a screen reader says instead; the page gives the numbers in a table beside it.
    """
    if not values:
        return Markup()
    most = max(most, *(value for _, value in values), 1)
    width = 100 / len(values)
    thick = min(width * 0.76, _THICKEST)
    room = height - (22 if labels else 0) - (16 if labels else 1)
    shown = Markup()
    top = height - (22 if labels else 0)
    for index, (name, value) in enumerate(values):
        tall = max(round(room * value / most, 1), 2) if value else 0
        shown += Markup(
            '<rect class="bar" x="{}%" y="{}" width="{}%" height="{}"><title>{}: {}</title></rect>'
        ).format(
            round(index * width + (width - thick) / 2, 3),
            top - tall,
            round(thick, 3),
            tall,
            short(name),
            f"{value:,}",
        )
    if labels:
        shown += Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(top + 0.5)
        for index in _named(len(values)):
            # Few bars have room for a name below each; of many, the ends' names must not stick out.
            first, last = index == 0, index == len(values) - 1
            many = len(values) > _FEW
            anchor = "start" if many and first else "end" if many and last else "middle"
            at = {"start": 0.0, "end": 100.0}.get(anchor, round((index + 0.5) * width, 3))
            shown += Markup('<text class="tick" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
                at, height - 5, anchor, short(values[index][0])
            )
        peak = max(range(len(values)), key=lambda index: values[index][1])
        if values[peak][1]:
            # Above its bar, and at the ends of the chart no further out than the bar is.
            middle = (peak + 0.5) * width
            anchor = "start" if middle < 6 else "end" if middle > 94 else "middle"
            at = round(middle + {"start": -thick / 2, "middle": 0, "end": thick / 2}[anchor], 3)
            tall = round(room * values[peak][1] / most, 1)
            shown += Markup('<text class="peak" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
                at, top - tall - 4, anchor, f"{values[peak][1]:,}"
            )
    return Markup('<svg class="chart" role="img" width="100%" height="{}" aria-label="{}">{}</svg>').format(
        height, title, shown
    )


def short(period: str | int) -> str:
    """``2025-07`` → ``Jul 2025``; a year stays."""
    year, _, month = str(period).partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def _named(number: int) -> list[int]:
    """Which bars get their name written: the ends, and a middle one where it stands clear of them."""
    if number <= _FEW:
        return list(range(number))
    return [0, number // 2, number - 1] if number % 2 else [0, number - 1]
