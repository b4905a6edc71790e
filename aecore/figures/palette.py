"""The colours of every figure: each reads on paper and on near-black, and none carries a meaning alone.

Ten classes: Okabe & Ito's set for all kinds of colour vision (2008), with yellow darkened to show on paper, black
replaced to show on black, and two more. The same digit has the same colour on every page.
"""

OURS = "#158a80"  # what was trained here, and what can be pressed
OTHER = "#7b5ea7"  # a second run beside ours
BASELINE = "#8a8780"  # what to beat; always dashed
ANOMALY = "#d9741b"
FAILURE = "#c9433a"
CLASSES = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#a89a00",
    "#7b5ea7",
    "#8c6239",
    "#8a8780",
)
SEQUENTIAL = "Cividis"  # amounts, from nothing to much
TOO_DARK, TOO_BRIGHT = "#3a78c9", "#b9691c"  # signed differences; zero shows the page behind


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def class_colour(label: int) -> str:
    """The colour of a class, the same everywhere; classes beyond ten begin again."""
    return CLASSES[label % len(CLASSES)]
