"""Every error that the lab raises on purpose.

    LabError                the request was sound, but it could not be done
    ├── RequestError        what was asked for is wrong: the person changes it (exit status 2)
    ├── NotAtHand           the data is not on this machine: the page offers to get it
    └── Cancelled           nobody wants the work any more: it stops, and that is no failure

Each carries a sentence for the person at the screen: what was received, what was expected, what to do. Anything
else that reaches the boundary of a page, a job or the command line is a bug, and is logged as one.
"""


class LabError(Exception):
    """Something the lab could not do, in a sentence that says what to do about it."""


class RequestError(LabError):
    """The request itself is wrong: an unknown name, a value out of range, a file that cannot be read."""


class NotAtHand(LabError):
    """A dataset, or a part of it, is neither on this machine nor bundled."""


class Cancelled(LabError):
    """The work was stopped because nobody waits for it any more."""
