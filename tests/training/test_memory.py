"""What a training needs of a small host's memory."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.cifar10 import Cifar10

LIMIT = 1.2 * 2**30  # bytes; on an idle machine it takes 1.05 GiB, and allocators differ by some percent
TRAIN = r"""
import re
from pathlib import Path
from aecore.recipe import Recipe
from aecore.report import evaluate
from aecore.training.loop import Training
from tests.training.toys import Silent

recipe = Recipe()
settings = {
    "dataset": "cifar10", "dataset.augment": 30, "corruption": "blur", "model": "conv_deblur", "fit.batch_size": 512,
    "fit.epochs": 1, "fit.steps_per_epoch": 8, "fit.validation_steps": 2, "fit.validation_share": 0.2,
}
for path, value in settings.items():
    recipe = recipe.setting(path, value)
resolved = recipe.resolve()
data = recipe.dataset.load(resolved.data)
training = Training(resolved, data, Silent(), None)
training.run()
evaluate(training.stepper, recipe, data, lambda: None)
peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
print(len(data.train), 1024 * int(peak.group(1)))
"""


@pytest.fixture
def pictures(tmp_path):
    """Sixty thousand small pictures, laid out as CIFAR-10 is."""
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(tmp_path / "cifar10.zip", "w") as archive:
        picture = Image.fromarray(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8))
        picture.save(tmp_path / "one.jpg")
        content = (tmp_path / "one.jpg").read_bytes()
        for side, count in (("train", 5000), ("test", 1000)):
            for name in Cifar10.classes:
                for number in range(count):
                    archive.writestr(f"{side}/{name}/{number:04}.jpg", content)
    return tmp_path


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory through /proc")
def test_sixty_five_thousand_colour_images_train_within_a_small_hosts_memory(pictures, monkeypatch):
    monkeypatch.setenv("AECORE_DATA", str(pictures))
    root = Path(__file__).parent.parent.parent
    said = subprocess.run([sys.executable, "-c", TRAIN], cwd=root, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    num_images, peak = map(int, said.stdout.split()[-2:])
    assert num_images == 65_000
    assert peak < LIMIT, f"{peak / 2**20:.0f} MiB"
