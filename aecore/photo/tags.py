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


def turned(picture: Image.Image, notes: list[str]) -> bytes:
    """Turns a loaded picture upright; returns its EXIF without what describes the stored pixels."""
    try:
        ImageOps.exif_transpose(picture, in_place=True)
        tags = picture.getexif()
        for tag in STORAGE:
            if tag in tags:
                del tags[tag]
        camera = tags.get_ifd(CAMERA_IFD)
        for tag in STORED_SIDES:
            camera.pop(tag, None)
        tags.get_ifd(GPS_IFD)
        return tags.tobytes() if len(tags) else b""
    except UNDECODABLE:
        notes.append("Its EXIF is damaged and is left out.")
        return b""


def without_location(exif: bytes) -> bytes:
    """EXIF without where the photograph was taken, and without the maker's notes, which may say it too."""
    if not exif:
        return b""
    tags = Image.Exif()
    tags.load(exif)
    tags.get_ifd(CAMERA_IFD).pop(MAKER_NOTE, None)
    if GPS_IFD in tags:
        del tags[GPS_IFD]
    return tags.tobytes()


def with_resolution(exif: bytes, dpi: int) -> bytes:
    """EXIF that says how large the photograph is to be printed."""
    tags = Image.Exif()
    tags.load(exif)
    tags[ExifTags.Base.XResolution] = tags[ExifTags.Base.YResolution] = float(dpi)
    tags[ExifTags.Base.ResolutionUnit] = INCHES
    return tags.tobytes()


def says_where(exif: bytes) -> bool:
    """Whether EXIF says where a photograph was taken."""
    tags = Image.Exif()
    tags.load(exif)
    return GPS_IFD in tags
