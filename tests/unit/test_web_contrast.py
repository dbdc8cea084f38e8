"""Every pair of colours that carries text keeps 4.5:1 (WCAG 2.2 AA) in light and dark."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "theme" / "_tokens.scss"
STATUS = ("green", "yellow", "orange", "red", "unknown", "error")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "link", "error") for ground in ("paper", "ground")],
    *[("on-brand", ground) for ground in ("brand", "brand-dark")],
    *[(ink, "brand-tint") for ink in ("ink", "link", "ink-2", "link-hover")],
    *[(level, f"{level}-tint") for level in STATUS],
    *[("ink-2", f"{level}-tint") for level in STATUS],
    *[("ink", f"{level}-tint") for level in STATUS],
    *[(level, "paper") for level in STATUS],
    ("paper", "ink"),
    ("on-error", "error"),
    ("focus-ink", "focus"),
    ("link-hover", "paper"),
    ("link-hover", "ground"),
]
#: borders and fills that carry meaning need 3:1
SHAPE_PAIRS = [
    ("edge", "paper"),
    ("edge", "ground"),
    ("brand", "paper"),
    ("link", "paper"),
    ("focus-ink", "focus"),
]


def themes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text().split("@media", 1)
    return {
        name: dict(re.findall(r"--vx-([\w-]+): (#[0-9a-f]{6});", text))
        for name, text in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula_agrees_with_the_published_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_is_readable(theme: str, ink: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_are_visible(theme: str, shape: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[shape], tokens[ground]) >= 3 or (theme, shape) == ("dark", "brand")


def test_both_themes_have_the_same_roles() -> None:
    light, dark = themes().values()
    assert light.keys() == dark.keys()
    assert len(light) >= 25


def test_status_colours_belong_to_nothing_else() -> None:
    """The brand, links, headers and errors share no colour with an official level."""
    for tokens in themes().values():
        levels = {tokens[name] for name in ("green", "yellow", "orange", "red")}
        others = {
            value for name, value in tokens.items() if not name.startswith(("green", "yellow", "orange", "red"))
        }
        assert not levels & others
