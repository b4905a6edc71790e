"""A network as a small drawing: the hourglass of its layers, as high as they hold numbers."""

import math
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT, FOOT = 860, 150, 44  # px of the drawing and of the lettering below
BAR = 18  # px; width of a stage
MOST_STAGES = 11
STEEPNESS = 0.4  # a stage of n numbers is as high as n to this power: narrow codes show, and stay visible


@dataclass(frozen=True)
class Stage:
    """Neighbouring layers that hold equally many numbers.

    Args:
        shape: Shape of what they give, without the batch.
        layers: How many layers those are.
        parameters: Their weights.
        code: Whether this is the latent code.
        kinds: The types of the layers, each once.
    """

    shape: tuple[int, ...]
    layers: int
    parameters: int
    code: bool
    kinds: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """How many numbers an image is here."""
        return math.prod(self.shape)

    @property
    def label(self) -> str:
        """The shape for people: "14×14×16"."""
        return "×".join(map(str, self.shape))


def stages(layers: list[dict[str, Any]], latent_dim: int | None) -> list[Stage]:
    """Groups the layers of a description.

    Args:
        layers: name, type, shape and params of each, in order.
        latent_dim: Numbers in the code, or None for a network without one.
    """
    found: list[Stage] = []
    for layer in layers:
        shape = tuple(layer["shape"])
        if not shape or layer["type"] in ("Sampling", "KLDivergence"):
            continue
        is_code = latent_dim is not None and shape == (latent_dim,)
        before = found[-1] if found else None
        if before and before.numbers == math.prod(shape) and before.code == is_code:
            kinds = before.kinds if layer["type"] in before.kinds else (*before.kinds, layer["type"])
            wider = shape if len(shape) > len(before.shape) else before.shape
            found[-1] = Stage(wider, before.layers + 1, before.parameters + layer["params"], is_code, kinds)
        else:
            found.append(Stage(shape, 1, layer["params"], is_code, (layer["type"],)))
    return found


def describe(drawn: list[Stage]) -> str:
    """The drawing in words, for those who do not see it."""
    if not drawn:
        return "A network without layers."
    total = sum(stage.parameters for stage in drawn)
    return f"Network from {' to '.join(stage.label for stage in drawn)}, {total:,} parameters."


def hourglass(drawn: list[Stage]) -> str:
    """Draws stages as bars joined by trapezoids; colours are those of the text and of the page's accent.

    Returns:
        An `<svg>` element.
    """
    if not drawn:
        return ""
    drawn = _fewer(drawn)
    largest = max(stage.numbers for stage in drawn)
    heights = [max(8.0, HEIGHT * (stage.numbers / largest) ** STEEPNESS) for stage in drawn]
    step = (WIDTH - BAR) / max(len(drawn) - 1, 1)
    lefts = [number * step if len(drawn) > 1 else (WIDTH - BAR) / 2 for number in range(len(drawn))]
    parts = []
    for number in range(len(drawn) - 1):
        a, b = heights[number] / 2, heights[number + 1] / 2
        left, right, middle = lefts[number] + BAR, lefts[number + 1], HEIGHT / 2
        points = f"{left:.1f},{middle - a:.1f} {right:.1f},{middle - b:.1f} {right:.1f},{middle + b:.1f} "
        parts.append(f'<polygon class="flow" points="{points}{left:.1f},{middle + a:.1f}"/>')
    for stage, height, left in zip(drawn, heights, lefts, strict=True):
        parts.append(_bar(stage, height, left))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" preserveAspectRatio="xMidYMid meet"'
    return f'<svg class="network" role="img" aria-label="{escape(describe(drawn))}" {size}>{"".join(parts)}</svg>'


def _bar(stage: Stage, height: float, left: float) -> str:
    kind = "code" if stage.code else "stage"
    centre, anchor = left + BAR / 2, "middle"
    if left < BAR:
        centre, anchor = left, "start"
    elif left > WIDTH - 2 * BAR:
        centre, anchor = left + BAR, "end"
    words = f"{', '.join(stage.kinds)}: {stage.label}, {stage.parameters:,} parameters"
    note = "code" if stage.code else f"{stage.layers} layers" if stage.layers > 3 else ""
    return (
        f'<g><title>{escape(words)}</title><rect class="{kind}" x="{left:.1f}" y="{(HEIGHT - height) / 2:.1f}" '
        f'width="{BAR}" height="{height:.1f}" rx="3"/>'
        f'<text class="{kind}" x="{centre:.1f}" y="{HEIGHT + 18}" text-anchor="{anchor}">{stage.label}</text>'
        f'<text class="note" x="{centre:.1f}" y="{HEIGHT + 36}" text-anchor="{anchor}">{note}</text></g>'
    )


def _fewer(drawn: list[Stage]) -> list[Stage]:
    """At most so many stages as have room: those between are left out, never the ends nor the code."""
    if len(drawn) <= MOST_STAGES:
        return drawn
    keep = {0, len(drawn) - 1, *(number for number, stage in enumerate(drawn) if stage.code)}
    spread = [round(place * (len(drawn) - 1) / (MOST_STAGES - 1)) for place in range(MOST_STAGES)]
    chosen = sorted(keep | set(spread[: MOST_STAGES - len(keep) + 2]))
    return [drawn[number] for number in chosen]
