"""What the page Upscale says about pictures that people bring."""

from aecore.images import FORMATS

MOST_MEGABYTES = 20
MOST_MEGAPIXELS = 24
MOST_FILES = 20
LARGEST_MEGAPIXELS = 101  # of a result
KINDS = [*(name.lower() for name in FORMATS), "jpg", "tif"]
ACCEPTED = (
    f"Up to {MOST_MEGAPIXELS} megapixels and {MOST_MEGABYTES} MB each, {MOST_FILES} at a time; drop or paste them."
)
PROMISE = (
    "They live under a link that only you have, and are deleted when you say so or an hour after they were last used. "
    "Location data is removed, unless you keep it."
)
GONE = "This picture is gone: it was deleted, or nobody used it for an hour. Bring it again to enlarge it."
CONSISTENCY = "The result, shrunk again, against your picture: how little was changed of what was given."
CHANGED = "The result against your picture: what was cleaned away counts as changed."
EXPLANATION = """
A network has learned from many photographs what the missing pixels between the given ones tend to look like.
**Bicubic** is what most programs do instead: it draws a smooth surface through the given pixels and invents nothing.

**Consistency** shrinks the result again and compares it with your picture: the higher, the less was changed of what
was given. Above 40 dB differences are hard to see. **Photo** changes what it takes for noise, so there it is lower.

**Trust map** shows where to be careful: bright is where the result, shrunk again, is not quite your picture. What the
network made there is a guess. **All models here** shows a detail as each of them makes it, and where they disagree:
what two networks do not agree on, the photograph did not tell.

**Prove it** makes your picture smaller first and enlarges it back, so that the truth is known: the model that comes
closest to it invents best on this subject. Where the photograph is noisy itself, so is that truth, and whoever keeps
the noise is rated higher. PSNR measures the error pixel by pixel, 6 dB more is half the error; SSIM compares small
windows, 1 is identical.

**Strength** blends the result over bicubic, at 1× over the picture itself. The picture on this page follows at once; a
file of another strength is made when you ask for it.

Most models here take the picture as it is: what is blurred, noisy or heavily compressed stays so. **Photo** cleans
noise and traces of JPEG as well, at 1× without enlarging; on a clean picture it loses a little fine detail. Faces and
letters that are only a few pixels large cannot be recovered by anything.
"""


def verb(scale: int) -> str:
    """What a button does with a photograph: "Enlarge", or at 1× "Clean"."""
    return "Enlarge" if scale > 1 else "Clean"


def done(scale: int, title: str) -> str:
    """What was done to a photograph: "2× by Fast", or at 1× "cleaned by Photo"."""
    return f"{scale}× by {title}" if scale > 1 else f"cleaned by {title}"


def megapixels(width: int, height: int) -> str:
    """A size in px for people: "12.2 MP"."""
    value = width * height / 1e6
    return f"{value:.2g} MP" if value < 10 else f"{value:,.0f} MP"


def figure(value: float) -> str:
    """A number of at least two digits that count: "0.25", "9.8", "120"."""
    return f"{value:.2g}" if value < 9.95 else f"{value:.0f}"


def size(width: int, height: int) -> str:
    """A size in px: "4,032 × 3,024"."""
    return f"{width:,} × {height:,}"


def weight(count: float) -> str:
    """Bytes for people: "18 MB"."""
    for unit, step in (("GB", 1e9), ("MB", 1e6)):
        if count >= step:
            return f"{count / step:.2g} {unit}" if count < 10 * step else f"{count / step:,.0f} {unit}"
    return f"{max(1, round(count / 1e3))} kB"
