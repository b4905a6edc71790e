"""How a network is trained: loss, optimiser, and when to stop."""

from dataclasses import dataclass

from aecore.errors import RequestError
from aecore.params import Part, Registry, param

FITS = Registry("fit")
LOSSES = {
    "mse": "Mean squared error",
    "bce": "Binary cross-entropy",
    "mae": "Mean absolute error",
    "charbonnier": "Charbonnier",
    "ssim": "Structural similarity (1 − SSIM)",
    "psnr": "PSNR (logarithm of each image's squared error, in dB)",
}


@FITS("fit", "Training")
@dataclass(frozen=True)
class Fit(Part):
    """Gradient descent on the distance between the network's answer and the clean image.

    An epoch is one pass over the training images; the weights move a little after every batch. Validation images take
    no part in that: they show whether what was learned holds for pictures the network has not seen.
    """

    epochs: int = param(20, low=1, high=1000, step=1, label="Epochs", help="Passes over the training images.")
    batch_size: int = param(128, low=1, high=4096, step=16, label="Batch size", unit="images", help="Images per step.")
    learning_rate: float = param(
        0.001, low=1e-7, high=1.0, label="Learning rate", help="How far the weights move in one step."
    )
    loss: str = param("mse", choices=LOSSES, label="Loss", help="What is made small.")
    optimizer: str = param(
        "adam",
        choices={"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW", "muon": "Muon"},
        label="Optimiser",
        help="The rule by which gradients move the weights.",
    )
    schedule: str = param(
        "constant",
        choices={"constant": "Constant", "cosine": "Cosine, down to a thousandth", "linear": "Linear, down to zero"},
        label="Schedule",
        help="How the learning rate changes over the training.",
        advanced=True,
    )
    weight_decay: float = param(
        0.0,
        low=0,
        high=10,
        step=0.01,
        label="Weight decay",
        help="Share of the weights, times the learning rate, that every step takes away; 0 is off (AdamW: 0.004).",
        advanced=True,
        later=True,
    )
    gradient_clip: float = param(
        0.0,
        low=0,
        high=100,
        step=0.1,
        label="Gradient clip",
        help="Longest gradient allowed (norm); 0 is off.",
        advanced=True,
    )
    ema: float = param(
        0.0,
        low=0,
        high=0.9999,
        label="Weight averaging",
        advanced=True,
        help="Keep a moving average of the weights with this momentum (0.999, say) and use it in the end; 0 is off. In "
        "a short training the momentum is less, so that the average spans a tenth of it at most.",
    )
    steps_per_epoch: int = param(
        0,
        low=0,
        high=1_000_000,
        step=10,
        label="Steps per epoch",
        help="0 is as many as the images give.",
        advanced=True,
    )
    validation_share: float = param(
        0.1,
        low=0,
        high=0.5,
        step=0.05,
        label="Validation share",
        help="Share of the training images kept apart.",
        advanced=True,
    )
    validation_steps: int = param(
        0,
        low=0,
        high=100_000,
        step=1,
        label="Validation steps",
        help="Batches to validate on; 0 is all.",
        advanced=True,
    )
    early_stopping: int = param(
        0,
        low=0,
        high=1000,
        step=1,
        label="Early stopping",
        unit="epochs",
        advanced=True,
        help="Stop when validation loss has not improved for so many epochs; 0 is off.",
    )
    reduce_rate: int = param(
        0,
        low=0,
        high=1000,
        step=1,
        label="Learning-rate reduction",
        unit="epochs",
        advanced=True,
        help="Halve the learning rate when validation loss has not improved for so many epochs; 0 is off.",
    )
    best_weights: bool = param(
        False, label="Keep the best weights", help="In the end use the epoch of lowest validation loss.", advanced=True
    )
    precision: str = param(
        "float32",
        choices={"float32": "32 bits", "mixed_bfloat16": "16 bits where it is safe (bfloat16)"},
        label="Precision",
        help="16 bits are faster on many GPUs and on recent server processors, and cost a little accuracy.",
        advanced=True,
    )
    start_from: str = param(
        "",
        most=16,
        label="Start from",
        help="Key of a run whose weights to begin with, where names and shapes agree.",
        advanced=True,
    )
    seed: int = param(
        0,
        low=0,
        high=2**31 - 1,
        step=1,
        label="Seed",
        help="The same seed on the same machine gives the same run.",
        advanced=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reduce_rate and self.schedule != "constant":
            raise RequestError(
                f"The learning rate follows a schedule ({self.schedule}) or is reduced when the loss rests, not both; "
                f"set fit.schedule to constant or fit.reduce_rate to 0."
            )
