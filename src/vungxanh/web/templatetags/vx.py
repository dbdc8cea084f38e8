"""The design system as template tags: `{% load vx %}`. Shown live at /patterns."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vungxanh.core.figures import Band, Bars
from vungxanh.web import assets, charts
from vungxanh.web.icons import ICONS, LEVEL_ICONS

register = template.Library()


@register.simple_tag
def asset_css(name: str) -> SafeString:
    """Style sheets of an entry point."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in assets.styles(name)))


@register.simple_tag
def asset_js(name: str) -> SafeString:
    """Module of an entry point; it fetches the rest itself."""
    return format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((u,) for u in assets.scripts(name)[:1])
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon; without a label it is decoration and hidden from screen readers."""
    if label:
        return format_html(
            '<svg class="vx-icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            ICONS[name],
        )
    return format_html(
        '<svg class="vx-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.inclusion_tag("web/parts/status.html")
def status(level: str, word: Any, on: Any = "", source: Any = "", stale: Any = "") -> dict[str, Any]:
    """An official level or verdict. `level` green, yellow, orange, red or unknown; `stale` says how old it is."""
    known = level if level in LEVEL_ICONS else "unknown"
    return {"level": known, "icon": LEVEL_ICONS[known], "word": word, "on": on, "source": source, "stale": stale}


@register.inclusion_tag("web/parts/table.html")
def data_table(listing: Any, *, stack: bool = True) -> dict[str, Any]:
    """A `core.listing.Listing`: sticky head, sort, pages, column choice, export links."""
    return {"listing": listing, "stack": stack}


@register.inclusion_tag("web/parts/why.html")
def why(rule: Any, *, inputs: Any = (), basis: Any = "", decides: Any = "", objection: Any = "") -> dict[str, Any]:
    """Vì sao: the rule in a sentence, the inputs as (name, value), the legal basis, who decides, how to object."""
    return {"rule": rule, "inputs": inputs, "basis": basis, "decides": decides, "objection": objection}


@register.inclusion_tag("web/parts/timeline.html")
def timeline(days: Any) -> dict[str, Any]:
    """Days with `.date` and `.items`; an item has `.text`, `.minutes`, and may have `.url` and `.note`."""
    return {"days": days}


@register.inclusion_tag("web/parts/summary.html")
def summary_list(rows: Any) -> dict[str, Any]:
    """Rows of (name, value) or (name, value, address, action word)."""
    return {"rows": rows}


@register.inclusion_tag("web/parts/progress.html")
def progress(done: int, total: int, label: Any = "") -> dict[str, Any]:
    """What is done and what is left, in words and as a bar."""
    return {"done": done, "total": total, "left": total - done, "label": label}


@register.inclusion_tag("web/parts/bars.html")
def bar_chart(chart: Bars) -> dict[str, Any]:
    """Stacked bars with their table."""
    top = charts.bar_top(chart)
    rows = [(label, [s.values[i] for s in chart.series]) for i, label in enumerate(chart.labels)]
    return {"chart": chart, "boxes": list(charts.bar_boxes(chart, top)), "rows": rows, **_axes(chart, top)}


@register.inclusion_tag("web/parts/band.html")
def band_chart(chart: Band) -> dict[str, Any]:
    """A line with its uncertainty, with its table."""
    top = charts.band_top(chart)
    return {
        "chart": chart,
        "line": charts.path(chart.middle, top),
        "area": charts.area(chart.low, chart.high, top),
        "rows": list(zip(chart.labels, chart.middle, chart.low, chart.high, strict=True)),
        **_axes(chart, top),
    }


def _axes(chart: Bars | Band, top: float) -> dict[str, Any]:
    return {
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "left": charts.LEFT,
        "right": charts.WIDTH - charts.RIGHT,
        "ground": charts.HEIGHT - charts.BOTTOM,
        "x_marks": list(charts.x_marks(chart.labels)),
        "y_marks": charts.y_marks(top),
    }


@register.filter
def share(value: float, whole: float) -> float:
    """Percent of a whole, at most 100, for the length of a bar."""
    return round(min(100.0, 100.0 * value / whole), 2) if whole else 0.0
