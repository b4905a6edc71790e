"""Photographs made larger: the file, a look at it, all models beside each other, and the proof.

Every task here but `enlarge_look` and `enlarge_file` takes the input file "picture": any picture that the lab reads, up
to 24 megapixels. "model" and "models" are names from `aecore.enlargers` ("bicubic" always is one); "scale" is 1 to 4.
An argument that is not listed is not looked at. Pictures in arrays are uint8 (h, w, 3).

enlarge {"scale", "model", "strength": 0-1, "format": "png" | "jpeg" | "webp", "quality": 1-100, "keep_location",
         "ensemble", "width": px or null, "dpi": of a print, or 0, "views": true}
    Enlarges a photograph tile by tile, and blends the result over bicubic (1 is the result alone). "ensemble" takes the
    mean over eight turned and mirrored pictures; "width" is the final width, at most scale times the picture's own: the
    result is shrunk to it. Turned as EXIF says; profile, EXIF and transparency are kept, location only if asked to.
    Value: {"width", "height", "input_width", "input_height", "seconds": from reading to the written file, "tiles",
    "model", "megapixels_per_second": of the enlarging alone, "notes": [sentence…], "file": name in out/, "bytes",
    "psnr_consistency": dB of the result, shrunk again, against the picture; null where identical}
    Progress: fraction, seconds_left, tile, tiles; phase "reading", "enlarging", "measuring", "writing".
    out/enlarged.png, .jpg or .webp; and with "views": out/overview.npz: result, bicubic, input, longest side at most
    1,400 px; out/trust.npz: map (h, w) float32, longest side at most 512 px, the mean over each place of how far the
    result, shrunk again, is from the picture (0 to 1).
enlarge_look {"job": id of a finished enlarge, "left", "top", "width", "height": px of the result, at most 2,048 a side}
    A detail at full resolution: out/look.npz: result, bicubic. Value: {"left", "top", "width", "height"}
enlarge_file {"job": id of a finished enlarge, "strength", "format", "quality", "keep_location", "dpi"}
    The same result, written in another format or blended in another share over bicubic, without enlarging it again.
    out/enlarged.png, .jpg or .webp. Value: {"file", "bytes", "width", "height", "notes": [sentence…]}
enlarge_compare {"scale", "models": [name…], "left", "top", "size": px of the picture, at most 512}
    A detail by every model: out/compare.npz: "input" (size, size, 3), and under each model's name (scale·size,
    scale·size, 3). Value: {"seconds": {model: s}, "width", "height": of the detail in the picture}
enlarge_prove {"scale": 1-4, "models": [name…], "worn"}
    Shrinks the picture (bicubic, antialiased), enlarges it back with every model, with bicubic and with Lanczos, and
    compares brightness with the truth. "worn" blurs it a little first, and then adds noise and saves it as JPEG;
    without that "scale" is at least 2. Of a large picture the middle is taken, at least 1 megapixel; notes say so.
    Value: {"models": {name: {"psnr": dB or null where identical, "ssim", "seconds"}}, "winner", "width", "height": of
    what was measured, "notes": [sentence…]}
    out/prove.npz: a detail where bicubic errs most: truth, input (shrunk), and one under each model's name.
enlarge_measure {"scale": 2-4, "model", "way": a way of shrinking, see `aecore.corruptions.Shrink`}
    The same on a whole picture by the standard protocol, for tables. Value: {"psnr", "ssim", "bicubic_psnr",
    "bicubic_ssim", "seconds", "width", "height"}
"""

from aecore.worker.tasks.photos import looking, making, proof  # the tasks they offer

__all__ = ["looking", "making", "proof"]
