import gzip

import numpy as np
import pytest

from aecore.datasets.idx import read_idx
from aecore.errors import LabError
from tests.datasets.idx_maker import idx_bytes

VALUES = np.arange(2 * 3 * 4).reshape(2, 3, 4)


def test_reads_what_was_written(tmp_path):
    (tmp_path / "a.gz").write_bytes(idx_bytes(VALUES))
    read = read_idx(tmp_path / "a.gz", (2, 3, 4))
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, VALUES)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it begins with ''"),
        (b"not gzip at all", "damaged"),
        (gzip.compress(b"<html>404</html>"), "no idx file"),
        (gzip.compress(bytes((0, 0, 8, 3, 0))), "damaged"),
        (idx_bytes(VALUES)[:-12], "damaged"),
        (idx_bytes(VALUES[:1]), "holds 1 × 3 × 4 values; 2 × 3 × 4 were expected"),
        (gzip.compress(gzip.decompress(idx_bytes(VALUES)) + b"more"), "more or fewer values"),
        (gzip.compress(gzip.decompress(idx_bytes(VALUES))[:-1]), "more or fewer values"),
    ],
)
def test_says_how_a_file_is_damaged_and_what_to_do(tmp_path, content, sentence):
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(LabError, match=sentence) as caught:
        read_idx(tmp_path / "a.gz", (2, 3, 4))
    assert "Delete" in str(caught.value)


def test_a_flipped_bit_is_noticed(tmp_path):
    content = bytearray(idx_bytes(VALUES))
    content[-6] ^= 1  # in the checksum
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(LabError, match="damaged"):
        read_idx(tmp_path / "a.gz", (2, 3, 4))
