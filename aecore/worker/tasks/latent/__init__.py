"""Looking into codes: maps, decoding, neighbours, samples, and what a code is worth.

Everything here takes the `key` of a run with a latent vector. Codes are those of the run's test images, damaged as in
its report; "index" is always an index into these, in their fixed order (the first 10,000 where there are more). Where
the data is not on the machine, the test images that ship inside the run take its place: the value then has
`"stored": true`, and "index" still is the image's place among all test images. Images are uint8; N is the number of
points, d the length of a code, K what was asked for.

latent_map {"key", "projection": "codes" | "pca" | "tsne", "axes": [i, j], "count"} -> out/map.npz
    points (N, 2) float32; codes (N, d) float16; labels (N,) int16, -1 without; errors (N,) float32, mean squared error
    per pixel; scores (N,) float32, how far the code lies from the middle of all codes (Mahalanobis distance);
    index (N,) int32; images (N, h, w, c) thumbnails, longest side at most 28 px; lows, highs (d,) float32, percentiles
    0.5 and 99.5 of every number; order (d,) int32, numbers by falling variance; mean (d,) and components (2, d)
    float32: `code = mean + place @ components` is the code of a place on the map, `latent.place_of` the way there
    (t-SNE has no way back: its components are (0, d)).
    "axes" applies to "codes"; without it, the two numbers of largest variance. A code of one number lies on a line.
    "count" is 10,000 by default (3,000 for t-SNE, about 20 s there) and at most.
latent_tsne {"key", "count"} -> out/map.npz
    `latent_map` with the projection "tsne", served beside the others: no click waits for it.
    Value: {"projection", "axes": [i, j] or null, "count": N, "of": test images in all, "classes": [name…],
    "trustworthiness": of neighbours on the map against pixels, "trustworthiness_codes": against codes, both for 12
    neighbours on "trustworthiness_count" images, "explained": share of the codes' variance (PCA) or null, "variance":
    [of each number], "seconds", "sample": whether the run was made from a sample, "stored": absent or true}
latent_decode {"key", "codes": [[…]…], at most 400 of d numbers, "labels": [class of each…]} -> out/decoded.npz
    images (K, h, w, c). Value: {"count": K}. "labels" are for a network that is told the class, here and below.
latent_encode {"key", "labels": [its class]} and a file `picture.npy` (uint8 (h, w, 1 or 3)) or `picture` (PNG,
    JPEG…) -> out/encoded.npz
    image and output (h, w, c): what the network was given, and its answer; by_code, by_pixels (8, h, w, c) thumbnails
    of the test images that are nearest by code and by pixels, nearest first; by_code_labels, by_pixels_labels (8,)
    int16; by_code_distances, by_pixels_distances (8,) float32.
    Value: {"code": [d numbers], "neighbours_latent": [index…], "neighbours_pixels": [index…], "psnr": dB or null where
    identical, "score": Mahalanobis distance, "of": test images compared, "classes", "stored"}
latent_neighbours {"key", "index": i, "count": 8, at most 50} -> out/neighbours.npz
    The other test images nearest to test image i: the same arrays as `latent_encode`. Value: {"label": of image i, -1
    without, "error": mean squared error, "neighbours_latent", "neighbours_pixels", "of", "classes", "stored"}
latent_samples {"key", "count": 32, at most 100, "seed": 0} -> out/samples.npz
    A network that is told the class is told each class in turn.
    Codes drawn from the standard normal for a VAE, from a Gaussian fitted to the training codes otherwise: codes (K, d)
    float32; images (K, h, w, c) decoded; nearest (K, h, w, c) the nearest training images by pixels; nearest_labels
    (K,) int16; distances (K,) float32, root mean squared difference on the 0-1 scale.
    Value: {"source": "prior" | "gaussian", "nearest_of": "training" | "test" (where only the images inside the run are
    here), "of": images compared, "typical_distance": median distance of test images to their nearest of these, for
    comparison, "classes", "stored", "told": absent, or true where the network is told the class}
latent {"key"} -> out/latent.npz
    What the code is worth. Value: {"latent_dim", "mse", "pca_mse", "psnr", "pca_psnr", "knn_accuracy",
    "knn_accuracy_pixels", "knn_accuracy_pca", "linear_accuracy", "linear_accuracy_pixels", "linear_accuracy_pca",
    "negative_elbo", "reconstruction", "kl" (nats), "active_units" (VAE), "trustworthiness" (of codes against pixels),
    "trustworthiness_pca", "trustworthiness_count", "neighbours": k of kNN, "train", "test": images used, "seconds",
    "data": {"source", "description", "train", "test", "licence"}, "stored"}; null where a figure does not apply, or
    where it was not kept and the data is not here: then "train" is 0 and the arrays are one empty `variance`.
    Arrays: variance (d,), lows, highs (d,), order (d,), correlation (d, d), confusion (classes, classes) of kNN.

Distances are Euclidean: of codes between codes, of pixels the root mean squared difference on the 0-1 scale.
"""

from aecore.worker.tasks.latent import looking, mapping, sampling, worth  # the tasks they offer

__all__ = ["looking", "mapping", "sampling", "worth"]
