"""A person's photograph as a file holds it: pixels, transparency, colour profile and EXIF, read and written.

Files of anyone are opened behind the same checks as everywhere (`aecore.images.opened`). A photograph is turned upright
when it is read; where it was taken is left out when it is written, unless asked to keep it.
"""

from aecore.photo.reading import MOST_PIXELS, Photo, read_photo
from aecore.photo.screen import for_screen
from aecore.photo.tags import says_where, without_location
from aecore.photo.writing import ENDINGS, check_size, write_photo

__all__ = [
    "ENDINGS",
    "MOST_PIXELS",
    "Photo",
    "check_size",
    "for_screen",
    "read_photo",
    "says_where",
    "without_location",
    "write_photo",
]
