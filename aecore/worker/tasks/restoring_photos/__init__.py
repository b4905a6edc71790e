"""A person's photograph restored at its own size: the file, a look at it, and the same in another strength.

restore_photo {"task": "denoise" | "deblur" | "colour" | "fill", "subject": "photos" | "faces", "damage": strength or
               null, "strength": 0-1, "format": "png" | "jpeg" | "webp", "quality": 1-100, "keep_location",
               "views": true}
    Takes the input file "picture", any picture that the lab reads, up to 24 megapixels; and for the task "fill" the
    file "mask" of the same proportions, white where the picture is missing. "photos" is any photograph: its networks
    work tile by tile, and a hole is filled by the classical method. "faces" is an aligned face, nearly square, whose
    networks work at 128 px. "damage" damages the picture first, so that the truth is known. "strength" blends the
    result over what was given (1 is the result alone). To be coloured, a picture is made grey first. Turned as EXIF
    says; profile, EXIF and transparency are kept, location only if asked to.
    Value: {"width", "height", "seconds": from reading to the written file, "tiles", "method": preset or "biharmonic",
    "megapixels_per_second": of the restoring alone, "notes": [sentence…], "file": name in out/, "bytes", "blur": σ in
    px by which the map blurs again, or null, "changed": standard deviation of what was taken away as noise, or null,
    "figures": {"psnr", "input_psnr", "ssim", "input_ssim"} against the truth
    where it is known, else null; each null where it says nothing; "hole": {"pixels", "psnr"} or null}
    Progress: fraction, seconds_left, tile, tiles; phase "reading", "restoring", "measuring", "writing".
    out/restored.png, .jpg or .webp; and with "views": out/overview.npz: result, input, and truth where it is known,
    (h, w, 3) uint8, longest side at most 1,400 px; out/misfit.npz: map (h, w) float32, longest side at most 512 px,
    the mean over each place of how far the result, damaged again, is from what was given; for noise of what was taken
    away. None for a hole: nothing outside it is changed.
restore_photo_look {"job": id of a finished restore_photo, "left", "top", "width", "height": px, at most 2,048 a side}
    A detail at full resolution: out/look.npz: result, input. Value: {"left", "top", "width", "height"}
restore_photo_show {}
    The picture as it is looked at, to draw a hole on: out/show.npz: picture (h, w, 3) uint8, longest side at most
    900 px. Value: {"width", "height": of the whole}
restore_photo_file {"job", "strength", "format", "quality", "keep_location"}
    The same result in another strength or format, without computing it again. Value: {"file", "bytes", "width",
    "height", "notes"}; out/restored.png, .jpg or .webp.
"""

from aecore.worker.tasks.restoring_photos import looking, making  # the tasks they offer

__all__ = ["looking", "making"]
