"""Importing Keras leaves out what training does not need, without getting in anyone's way."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CODE = """
import sys, threading
found = []
def elsewhere():
    import pandas
    found.append(pandas.__name__)
thread = threading.Thread(target=elsewhere)
thread.start()
import aecore.training
thread.join()
print(found, [name for name in ("matplotlib", "jax") if name in sys.modules])
import sklearn
"""


def test_other_threads_import_what_they_like_meanwhile():
    said = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "['pandas'] []"
