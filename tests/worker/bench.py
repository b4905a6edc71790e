"""Tasks done in folders of their own, and what they give."""

import json

import numpy as np

from aecore.engine.folder import JobFolder
from aecore.worker.job import TASKS, Job


class Bench:
    """Does tasks in folders of their own.

    Args:
        folder: Where these are made.
    """

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def __call__(self, task, arguments, stop=False, **files):
        """The value and the arrays of a task; a file `picture_npy` is called `picture.npy`."""
        self.count += 1
        folder = JobFolder(self.folder, f"{self.count:016x}")
        folder.files.mkdir(parents=True)
        for name, content in files.items():
            (folder.files / name.replace("_npy", ".npy")).write_bytes(content)
        job = Job(folder)
        if stop:
            job.stop()
        value = TASKS[task].call(arguments, job)
        assert json.loads(json.dumps(value, allow_nan=False)) == value
        arrays = {}
        for path in job.out.glob("*.npz"):
            with np.load(path, allow_pickle=False) as found:
                arrays |= dict(found)
        return value, arrays

    def trained(self, recipes):
        """Trains recipes, and gives the key of each."""
        return {
            name: self("train", {"recipe": recipe.resolve().to_json()})[0]["key"] for name, recipe in recipes.items()
        }
