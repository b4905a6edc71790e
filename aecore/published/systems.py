"""The five systems."""

from aecore.published.system import Budget, Reported, System, Trial

SYSTEMS: dict[str, System] = {
    system.slug: system
    for system in (
        System(
            slug="dense-mnist",
            title="Dense autoencoder",
            purpose="Squeezes a handwritten digit of 784 pixels through 64 numbers and gives it back.",
            better="better-mnist",
            given="the input",
            answer="given back",
            layers=(100_480, 8_256, 8_320, 101_136),
            related=(
                ("dense-mnist-denoise", "noise removed"),
                ("dense-mnist-32", "32 numbers"),
                ("dense-mnist-16", "16 numbers"),
                ("dense-mnist-2d", "2 numbers, a map"),
                ("dense-mnist-no9", "never saw a 9"),
                ("dense-fashion", "clothes"),
                ("conv-mnist", "convolutions"),
            ),
            budget=Budget(images=60_000, epochs=20, batch=256),
            reported=(
                Reported("loss", "nats", 0.0780, "test_loss", "test", 20, reference=True),
                Reported("PSNR", "dB", 23.4, "psnr", "test", 20, reference=True),
                Reported("PSNR of PCA with 64 numbers", "dB", 20.8, "pca_psnr", "test", reference=True),
            ),
            procedure="All 60,000 training digits, pixels scaled to [0, 1]; binary cross-entropy, Adam, 20 epochs in "
            "batches of 256; tested on the 10,000 test digits. The same network is then asked to remove noise, to make "
            "do with fewer numbers, and to find digits that it has never seen.",
            ours=("The noise: Gaussian, σ 0.25, clipped to [0, 1].", "The learning rate: 0.001, Keras' default."),
            differences=(
                "The data is the same.",
                "The source gives no figure of its own, so the figures beside ours are of the same network, trained "
                "by the same procedure in plain Keras.",
                "Batches that do not fill up wait for the next epoch's shuffle here, so an epoch has one step less.",
            ),
            lesson="PCA is the best that straight lines can do with as many numbers; what the network adds to it, it "
            "owes to layers that bend. And a code of two numbers makes a pretty map of blurred digits: what is easy to "
            "look at is not what is kept well.",
        ),
        System(
            slug="conv-cifar-deblur",
            title="Convolutional deblurrer",
            purpose="Sharpens small blurred colour pictures.",
            better="better-cifar-deblur",
            given="the blurred picture",
            answer="restored",
            layers=(224, 1_168, 2_320, 2_320, 435),
            budget=Budget(images=52_000, epochs=100, batch=512),
            reported=(
                Reported("accuracy", "share", 0.78, "accuracy", "", 100, said="above 78 %"),
                Reported("overfitting", "share", None, "gap", "", 100, said="none"),
            ),
            procedure="50,000 training pictures, made 65,000 by flips and by rotations of −30°; a fifth is kept for "
            "validation. Mean squared error, Adam, 100 epochs in batches of 512; tested on 10,000 pictures.",
            ours=(
                "The blur: Gaussian, σ 1.0 px.",
                "The 15,000 extra pictures: a third each of mirrored, turned upside down, and rotated.",
            ),
            differences=(
                "Our copies of the CIFAR-10 pictures are JPEG files: their finest detail is not the original's.",
                "All of them are there, 50,000 to learn from and 10,000 to test.",
            ),
            lesson="Pooling twice throws away the fine detail that sharpening is about, and there is no way around the "
            "narrow middle. A network that adds its correction to the picture it is given starts where doing "
            "nothing ends. No overfitting is easily had: the network is too small to learn "
            "even its training pictures.",
        ),
        System(
            slug="conv-faces-inpaint",
            title="Face inpainter",
            purpose="Fills a black square in a face.",
            better="better-faces-inpaint",
            given="the picture with the hole",
            answer="filled",
            budget=Budget(images=70_000, epochs=15, batch=64),
            reported=(
                Reported("loss", "mse", 0.0111, "train_loss", "training", 15),
                Reported("accuracy", "share", 0.8475, "accuracy", "training", 15),
                Reported("loss, longest training", "mse", 0.0111, "train_loss", "training", 50),
                Reported("accuracy, longest training", "share", 0.8510, "accuracy", "training", 50),
                Reported("time of one training", "s", 36_000, "seconds", said="10–12 h on a hosted notebook GPU"),
            ),
            trials=(
                Trial("Adam", 1e-3, 50, 0.0111, 0.8510),
                Trial("Adam", 1e-2, 15, 0.0121, 0.8392),
                Trial("SGD", 1e-2, 15, 0.0118, 0.8433),
                Trial("Adam", 1e-3, 15, 0.0111, 0.8475),
                Trial("SGD", 1e-3, 15, 0.0111, 0.8469),
                Trial("Adam", 1e-4, 30, 0.0125, 0.8357, batch=32),
                Trial("RMSprop", 1e-2, 10, 0.5712, 0.8022, kind="bce"),
            ),
            procedure="Faces of 128 × 128 px with a black square of 28 × 28 px at a random place, another one each "
            "time; a generator makes the batches, because the set is too large for memory. Convolutions down to a "
            "code of 300 numbers and back up; mean squared error, Adam, learning rate 0.001, batches of 64, 15 to 50 "
            "epochs; then a sweep over learning rate, optimiser and loss.",
            ours=(
                "The filters: 32, 64, 64 and 64 with stride 2 on the way down, mirrored on the way up.",
                "A tenth of the faces is kept for validation.",
            ),
            differences=(
                "6,500 faces of UTKFace (6,000 to learn from, 500 to test) instead of 70,000 of FFHQ: aligned more "
                "tightly, and an epoch is a twelfth as long.",
                "The published losses are of training images; ours are given for training and for test images.",
                "Trained on two processor cores.",
            ),
            lesson="Everything has to pass 300 numbers, also the part of the face that was never missing: the hole is "
            "filled, and all the rest is blurred. Whoever pastes the answer into the hole, and leaves the rest as it "
            "was, wins at once.",
        ),
        System(
            slug="conv-photo-sr",
            title="Small super-resolver",
            purpose="Sharpens photographs that were shrunk and enlarged again, at 256 × 384 px.",
            better="better-photo-sr",
            given="the low-resolution picture",
            answer="predicted",
            layers=(448, 4_640, 18_496, 36_928, 18_464, 4_624, 435),
            budget=Budget(images=3_762, epochs=10, batch=8, steps_per_epoch=50),
            reported=(
                Reported("lowest loss", "mse", 0.00586, "best_val_loss", "validation", 8, said="0.00586, epoch 7 to 8"),
                Reported("loss", "mse", 0.0037, "test_loss", "test", 10, reference=True),
            ),
            procedure="3,762 pairs of pictures, listed in a table: three ways of shrinking 1,254 photographs. Pairs "
            "stay together, their order changes every epoch, both sides are resized to 256 × 384 px and scaled to "
            "[0, 1]. Mean squared error, Adam, batches of 8, 10 epochs of 50 steps, 10 validation steps; the best "
            "weights are kept, training stops early and the learning rate falls when the validation loss rests.",
            ours=(
                "How patiently training stops and the learning rate falls, and how many photographs are kept for "
                "validation: see the recipe.",
            ),
            differences=(
                "34 photographs (102 pairs) instead of 1,254 (3,762).",
                "Split by photograph: no photograph is on both sides.",
                "A figure for each of the three ways of shrinking, because one of them is much harder than another.",
            ),
            lesson="At 256 × 384 px the low-resolution pictures are hardly blurred at all, because shrinking hides the "
            "blur: they are closer to their targets than the published loss. A network without a "
            "way around its narrow middle cannot even copy its input that well. Always measure doing nothing first.",
        ),
        System(
            slug="residual-photo-sr",
            title="Residual super-resolver",
            purpose="Sharpens the same photographs at 800 × 1200 px, adding back what it saw before each pooling.",
            better="better-residual-photo-sr",
            given="the low-resolution picture",
            answer="predicted",
            layers=(1_792, 36_928, 73_856, 147_584, 295_168, 295_040, 147_584, 73_792, 36_928, 1_731),
            budget=Budget(images=3_762, epochs=10),
            reported=(
                Reported("loss", "mse", 0.0023, "train_loss", "training", 10),
                Reported("accuracy", "share", 0.9088, "", "training", 10),
                Reported("loss", "mse", 0.00077, "val_loss", "validation", 10),
                Reported("accuracy", "share", 0.8783, "accuracy", "validation", 10),
                Reported("time of training", "s", 8_365, "seconds"),
            ),
            procedure="The photograph pairs of the small super-resolver at 800 × 1200 px. Mean squared error, Adam, 10 "
            "epochs; the best weights are kept, training stops early and the learning rate falls when the validation "
            "loss rests.",
            ours=(
                "Dropout of 0.3 after the first pooling.",
                "The batch size, the steps of an epoch and the size of the crops: see the recipe.",
            ),
            differences=(
                "34 photographs (102 pairs) instead of 1,254 (3,762), split by photograph.",
                "Trained on crops: the network uses convolutions only, and runs at any size.",
                "Trained on two processor cores.",
            ),
            lesson="Adding back what was seen before each pooling lets detail through, so this network can at least "
            "copy its input. A validation loss can lie below the training loss: dropout hinders the network "
            "only while it learns. Learning the difference to the input alone would be easier still.",
        ),
    )
}
