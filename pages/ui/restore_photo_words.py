"""What the page on restoring says about pictures that people bring."""

from aecore.restorers import MOST_MISSING
from pages.ui.photo_words import MOST_MEGABYTES, MOST_MEGAPIXELS

ACCEPTED = {
    "photos": f"Up to {MOST_MEGAPIXELS} megapixels and {MOST_MEGABYTES} MB; drop or paste it.",
    "faces": "One face, cut out so that it fills a nearly square picture, eyes level: 32 to 512 px a side.",
}
PROMISE = (
    "It lives under a link that only you have, and is deleted when you say so or an hour after it was last used. "
    "Location data is removed, unless you keep it."
)
DONE = {"denoise": "cleaned", "deblur": "sharpened", "fill": "filled", "colour": "coloured"}
VERBS = {"denoise": "Clean", "deblur": "Sharpen", "fill": "Fill the hole", "colour": "Colour"}
GONE = "This picture is gone: it was deleted, or nobody used it for an hour. Bring it again to restore it."
METHODS = {
    "photos": "By the classical method, which learns nothing: biharmonic inpainting draws a smooth surface through "
    f"what surrounds the hole. Up to {MOST_MISSING:,} px at a time, such as 200 × 200; scratches and wires suit it, "
    "eyes and letters do not.",
    "faces": "By a network that has learned faces: it guesses what was there.",
}
MAPS = {
    "denoise": (
        "What was taken away",
        "of full brightness: what was taken away around there. Even is noise; where edges show, detail went with it",
    ),
    "deblur": (
        "What does not fit",
        "of full brightness: how far the result, blurred again, is from what was given",
    ),
    "colour": (
        "What does not fit",
        "of full brightness: how far the brightness of the result is from that of what was given",
    ),
}
EXPLANATION = {
    "denoise": "A network has learned from many photographs, with noise of any strength up to some greatest one, what "
    "is likely beneath. It is not told how strong the noise is. **What was taken away** is what it took for noise: "
    "even over the picture where it was right.",
    "deblur": "A network has learned from many photographs, blurred more or less, what sharp edges look like. It knows "
    "even blur, as of a lens a little out of focus, and not that of a shaken camera. **What does not fit** blurs the "
    "result again, by as much as fits best, and shows where that is not your picture: what is sharp there was guessed.",
    "colour": "A network has learned from many photographs which colours go with which shapes and shades. Many colours "
    "have the same grey, so they are a guess. **What does not fit** shows where the brightness was changed.",
    "fill": "What is missing is made up from what surrounds it. Nothing outside the hole is changed.",
}
MORE = """
**PSNR** measures the error pixel by pixel; 6 dB more is half the error. **SSIM** compares small windows of brightness;
1 is identical. Both need the truth, so they are there where the picture was damaged first.

**Strength** blends the result over what was given. The picture on this page follows at once; a file of another
strength is written when you ask for it, without restoring again.
"""
