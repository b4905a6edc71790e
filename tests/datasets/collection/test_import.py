"""What may be brought, what is refused, and what is left on disk."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.collection import Collection, entries, import_collection
from aecore.datasets.collection.disk import collections, read_index
from aecore.errors import Cancelled, LabError, RequestError
from tests.datasets.collection.pictures import animation, picture, pictures, zip_of


def on_disk():
    return sorted(path.name for path in collections().glob("*"))


def load(made, **settings):
    dataset = Collection(digest=made.digest, **settings)
    return dataset.load(dataset.resolve())


def test_a_folder_a_zip_and_an_upload_of_the_same_images_are_one_collection(tmp_path):
    files = pictures(12)
    (tmp_path / "folder").mkdir()
    for name, content in files.items():
        (tmp_path / "folder" / name).write_bytes(content)
    made = [
        import_collection(tmp_path / "folder"),
        import_collection(zip_of(tmp_path / "a.zip", files)),
        import_collection(zip_of(tmp_path / "b.zip", {f"holiday/2024/{name}": data for name, data in files.items()})),
        import_collection([(f"renamed-{name}", content) for name, content in reversed(files.items())]),
    ]
    assert len({item.digest for item in made}) == 1 and on_disk() == [made[0].digest]
    assert all((item.images, item.skipped, item.classes, item.pairs) == (12, (), (), False) for item in made)


def test_sub_folders_are_classes():
    made = import_collection(
        [(f"animals/{kind}/deep/{n}.png", picture(10 * len(kind) + n)) for kind in ("cat", "horse") for n in range(8)]
    )
    assert made.classes == ("cat", "horse")
    data = load(made, size=16)
    assert data.classes == ("cat", "horse")
    for split in (data.train, data.test):
        reds = split.images[..., 0].reshape(len(split), -1).mean(axis=1)
        assert ((reds > 45) == (split.labels == 1)).all()


def test_images_beside_folders_are_a_class_of_their_own():
    files = [*pictures(6).items(), *((f"cats/{number}.png", picture(number)) for number in range(6, 12))]
    assert import_collection(files).classes == ("(no folder)", "cats")


def test_one_picture_in_two_classes_counts_twice_and_a_copy_is_skipped():
    files = [*pictures(10, "a/").items(), ("b/0.png", picture(0)), ("a/copy.png", picture(3))]
    made = import_collection(files)
    assert made.images == 11
    assert made.skipped == ({"name": "a/copy.png", "why": "It is the same picture as a/003.png."},)


def test_what_cannot_be_decoded_is_listed_and_left_out():
    broken = picture(50)[:-40]
    made = import_collection([*pictures(10).items(), ("broken.png", broken), ("notes.txt", b"hello")])
    assert made.images == 10
    assert [row["name"] for row in made.skipped] == ["broken.png", "notes.txt"]
    assert "damaged" in made.skipped[0]["why"] and "not a picture" in made.skipped[1]["why"]


def test_clutter_of_operating_systems_is_ignored_silently():
    clutter = {
        "__MACOSX/._000.png": b"x",
        ".DS_Store": b"x",
        "Thumbs.db": b"x",
        "sub/.hidden/a.png": b"x",
        "desktop.ini": b"",
    }
    made = import_collection([*pictures(10).items(), *clutter.items()])
    assert made.images == 10 and made.skipped == () and made.classes == ()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "0 usable images among 0 files; at least 10 are needed"),
        (pictures(1), "1 usable image among 1 file; at least 10 are needed"),
        (
            {f"{n}.txt": b"text" for n in range(5)},
            r"0 usable images among 5 files.*Left out: 0\.txt, 1\.txt, 2\.txt and 2 more: It is .*not a picture",
        ),
        ({**pictures(9), "bad.png": b"bad"}, r"9 usable images among 10 files.*bad\.png: It is .*not a picture"),
    ],
    ids=["empty", "one", "texts", "nine"],
)
def test_too_few_images_are_refused_with_counts_and_reasons(tmp_path, files, sentence):
    with pytest.raises(RequestError, match=sentence):
        import_collection(zip_of(tmp_path / "some.zip", files))
    assert on_disk() == []


@pytest.mark.parametrize("content", [b"", b"no zip", zipfile.ZipFile.__doc__.encode()])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "some.zip").write_bytes(content)
    with pytest.raises(RequestError, match=r"some\.zip is neither a folder nor a zip"):
        import_collection(tmp_path / "some.zip")
    assert on_disk() == []


def test_too_many_images_are_refused_before_any_is_read():
    with pytest.raises(RequestError, match="There are 12 files; at most 11 images are accepted"):
        import_collection(list(pictures(12).items()), max_images=11)


def test_names_in_a_zip_never_become_paths(tmp_path, home):
    files = {f"../../{name}": content for name, content in pictures(5).items()}
    files |= {f"/etc/{number}.png": picture(number) for number in range(5, 8)}
    files |= {f"C:\\Windows\\{number}.png": picture(number) for number in range(8, 12)}
    made = import_collection(zip_of(tmp_path / "evil.zip", files))
    assert made.images == 12
    written = {path.relative_to(home).parts[:2] for path in tmp_path.rglob("*.png")}
    assert written == {("collections", made.digest)}


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "MAX_TOTAL_BYTES", 10_000_000)
    path = zip_of(tmp_path / "bomb.zip", {f"{n}.png": bytes(3_000_000) for n in range(4)})
    assert path.stat().st_size < 20_000
    with pytest.raises(RequestError, match="4 files of 12 MB unpacked"):
        import_collection(path)


def test_one_file_that_is_too_large_is_skipped_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "MAX_FILE_BYTES", 1_000_000)
    made = import_collection(zip_of(tmp_path / "a.zip", {**pictures(10), "huge.png": bytes(2_000_000)}))
    assert made.skipped == ({"name": "huge.png", "why": "It has 2 MB; at most 1 are accepted."},)


def test_a_picture_of_too_many_pixels_is_skipped():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    small = bytearray(picture(1))
    small[16:29] = head
    small[29:33] = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    made = import_collection([*pictures(10).items(), ("bomb.png", bytes(small))])
    assert "megapixels" in made.skipped[0]["why"]


def test_damage_and_passwords_inside_a_zip_are_skipped(tmp_path):
    path = zip_of(tmp_path / "a.zip", {**pictures(12), "secret.png": picture(20)})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        first, secret = archive.getinfo("000.png"), archive.getinfo("secret.png")
        start = archive.start_dir
    content[first.header_offset + 200] ^= 255
    content[secret.header_offset + 6] |= 1  # "encrypted", in the file's own header and in the directory
    content[content.rindex(b"secret.png", start) - 46 + 8] |= 1
    path.write_bytes(content)
    made = import_collection(path)
    assert made.images == 11
    why = {row["name"]: row["why"] for row in made.skipped}
    assert "cannot be read" in why["000.png"] and "password" in why["secret.png"]


def test_strange_names_are_shown_in_plain_letters():
    made = import_collection([*pictures(10).items(), ("a\x1b[31m\n" + "long" * 50 + ".png", b"bad")])
    name = made.skipped[0]["name"]
    assert name.isprintable() and len(name) <= 80


def test_all_kinds_of_pictures_become_plain_png_of_bounded_size():
    buffers = {}
    for number, (mode, form) in enumerate(
        [
            ("RGBA", "PNG"),
            ("L", "JPEG"),
            ("P", "GIF"),
            ("CMYK", "JPEG"),
            ("1", "BMP"),
            ("RGB", "WEBP"),
            ("I;16", "TIFF"),
        ]
    ):
        buffer = io.BytesIO()
        Image.new(mode, (2000 + number, 600)).save(buffer, form)
        buffers[f"{number}.{form.lower()}"] = buffer.getvalue()
    made = import_collection([*buffers.items(), ("move.gif", animation()), *pictures(3).items()])
    assert made.images == 11 and made.skipped == ()
    for row in read_index(made.digest)["images"]:
        with Image.open(collections() / made.digest / row["file"]) as kept:
            assert kept.format == "PNG" and kept.mode in ("RGB", "L") and max(kept.size) <= 1024 and not kept.info


def test_a_salt_makes_the_digest_unguessable_and_the_collection_private():
    plain, first, second = (import_collection(list(pictures(10).items()), salt=salt) for salt in ("", "one", "two"))
    assert len({plain.digest, first.digest, second.digest}) == 3
    private = [Collection(digest=made.digest).private for made in (plain, first, second)]
    assert private == [False, True, True]


def test_a_cancelled_import_leaves_nothing():
    def stop(share):
        if share > 0.5:
            raise Cancelled("Nobody waits for it.")

    with pytest.raises(Cancelled):
        import_collection(list(pictures(12).items()), progress=stop)
    assert on_disk() == []


def test_progress_goes_up():
    shares = []
    import_collection(list(pictures(12).items()), progress=shares.append)
    assert shares == sorted(shares) and len(shares) == 12 and shares[0] >= 0 and shares[-1] <= 1


def test_a_disk_that_refuses_gives_a_sentence(home):
    home.write_text("in the way")
    with pytest.raises(LabError, match="cannot be kept"):
        import_collection(list(pictures(12).items()))


def test_pixels_survive_the_import():
    made = import_collection(list(pictures(12).items()))
    data = load(made, size=16)
    assert sorted(np.concatenate([data.train.images, data.test.images])[:, 0, 0, 0].tolist()) == list(range(12))
