"""What a photograph's file says beside its pixels (EXIF)."""

from PIL import ExifTags, Image, ImageOps

from aecore.images import UNDECODABLE

# What describes how the file's pixels were stored, or holds other data that nobody looks through (XMP, IPTC, previews).
STORAGE = (
    *(254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 280, 281, 284, 288, 289, 290, 291, 292, 293),
    *(301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 342, 343),
    *(347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 700, 33723, 34377, 34675, 37724),
)
INCHES = 2  # a unit of resolution
CAMERA_IFD, GPS_IFD = ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo
MAKER_NOTE, STORED_SIDES = 0x927C, (0xA002, 0xA003)
ON_A_MAP = (33550, 33922, 34264, 34735, 34736, 34737)  # of a GeoTIFF


def turned(picture: Image.Image, notes: list[str]) -> bytes:
    """Turns a loaded picture upright; returns its EXIF without what describes the stored pixels."""
    try:
        ImageOps.exif_transpose(picture, in_place=True)
        tags = picture.getexif()
        for tag in STORAGE:
            if tag in tags:
                del tags[tag]
        for tag in STORED_SIDES:
            _below(tags, CAMERA_IFD).pop(tag, None)
        _below(tags, GPS_IFD)  # read now, while the file is open
        return _bytes(tags)
    except UNDECODABLE:
        notes.append("Its EXIF is damaged and is left out.")
        return b""


def without_location(exif: bytes) -> bytes:
    """EXIF without where the photograph was taken, and without the maker's notes, which may say it too."""
    if not exif:
        return b""
    tags = Image.Exif()
    tags.load(exif)
    _below(tags, CAMERA_IFD).pop(MAKER_NOTE, None)
    for tag in (GPS_IFD, *ON_A_MAP):
        if tag in tags:
            del tags[tag]
    return _bytes(tags)


def with_resolution(exif: bytes, dpi: int) -> bytes:
    """EXIF that says how large the photograph is to be printed."""
    tags = Image.Exif()
    tags.load(exif)
    tags[ExifTags.Base.XResolution] = tags[ExifTags.Base.YResolution] = float(dpi)
    tags[ExifTags.Base.ResolutionUnit] = INCHES
    return _bytes(tags)


def says_where(exif: bytes) -> bool:
    """Whether EXIF says where a photograph was taken."""
    tags = Image.Exif()
    tags.load(exif)
    return bool(_below(tags, GPS_IFD)) or any(tag in tags for tag in ON_A_MAP)


class _AsRead(str):
    """Text of a tag, which Pillow reads byte by byte whatever it is written in, and would write as ASCII only."""

    def encode(self, *_: object) -> bytes:
        return super().encode("latin-1")


def _below(tags: Image.Exif, where: int) -> dict:
    """The tags in a directory of EXIF, if there is one; Pillow would make an empty one."""
    return tags.get_ifd(where) if where in tags else {}


def _bytes(tags: Image.Exif) -> bytes:
    """EXIF as a file holds it, text as it was read."""
    for held in (tags, *(_below(tags, where) for where in (CAMERA_IFD, GPS_IFD))):
        for tag, value in list(held.items()):
            if isinstance(value, str):
                held[tag] = _AsRead(value)
    return tags.tobytes() if len(tags) else b""
