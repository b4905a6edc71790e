"""Tasks done as the worker would do them, one after the other, each in a folder of its own."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from aecore.engine.folder import JobFolder, write_json
from aecore.images import png
from aecore.worker.job import TASKS, Job


class Done:
    """A job that was done: its folder, its value, what it said, and its arrays."""

    def __init__(self, folder, value, said):
        self.folder, self.value, self.said, self.id = folder, value, said, folder.id

    def arrays(self, name):
        with np.load(self.folder.out / name) as arrays:
            return dict(arrays)

    def picture(self):
        return Image.open(io.BytesIO((self.folder.out / self.value["file"]).read_bytes()))


@pytest.fixture
def do(tmp_path):
    """Does a task on a picture, and on a mask where there is one; both as arrays or as the content of files."""
    count = iter(range(1, 1000))

    def do(function, arguments, picture=None, mask=None, check=None):
        folder = JobFolder(tmp_path / "jobs", f"{next(count):016x}")
        folder.out.mkdir(parents=True)
        folder.files.mkdir()
        for name, given in (("picture", picture), ("mask", mask)):
            if given is not None:
                (folder.files / name).write_bytes(given if isinstance(given, bytes) else png(given))
        job, said = Job(folder), []
        progress = job.progress

        def note(**values):
            said.append(values)
            progress(**values)

        job.progress, job.check = note, check or job.check
        write_json(folder.request, {"function": function, "arguments": arguments, "files": {}})
        value = json.loads(json.dumps(TASKS[function].call(arguments, job), allow_nan=False))
        outputs = job.outputs()
        write_json(folder.record, {"state": "done", "function": function, "value": value, "outputs": outputs})
        return Done(folder, value, said)

    return do
