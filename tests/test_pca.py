import numpy as np
import pytest
from sklearn.decomposition import PCA

from aecore.pca import principal_components


@pytest.mark.parametrize("many_values", [1024, 10], ids=["by covariance", "by likeness"])
@pytest.mark.parametrize("count", [200, 30], ids=["more images than values", "more values than images"])
def test_reconstruction_is_scikit_learns(count, many_values, monkeypatch):
    monkeypatch.setattr("aecore.pca.MANY_VALUES", many_values)
    monkeypatch.setattr("aecore.pca.BATCH", 64)
    rng = np.random.default_rng(0)
    images = rng.random((count, 6, 8, 1), dtype=np.float32) * np.linspace(0.1, 1, 8, dtype=np.float32)[:, None]
    flat = images.reshape(count, -1)
    reference = PCA(5, svd_solver="full").fit(flat)
    ours = principal_components(images, 5)
    expected = reference.inverse_transform(reference.transform(flat))
    np.testing.assert_allclose(ours.decode(ours.encode(images)), expected, atol=1e-4)
    np.testing.assert_allclose(ours.components @ ours.components.T, np.eye(5), atol=1e-4)


def test_images_that_span_so_many_dimensions_are_given_back_exactly():
    rng = np.random.default_rng(1)
    images = (rng.random((40, 3)) @ rng.random((3, 25))).astype(np.float32).reshape(40, 5, 5, 1)
    ours = principal_components(images, 3)
    np.testing.assert_allclose(ours.decode(ours.encode(images)), images.reshape(40, -1), atol=1e-4)


def test_stored_images_are_scaled():
    stored = np.random.default_rng(2).integers(0, 256, (50, 4, 4, 1), dtype=np.uint8)
    first, second = principal_components(stored, 4), principal_components(stored / np.float32(255), 4)
    np.testing.assert_allclose(
        first.decode(first.encode(stored / 255)), second.decode(second.encode(stored / 255)), atol=1e-4
    )


def test_images_that_are_all_alike_are_given_back():
    images = np.full((10, 4, 4, 1), 0.5, np.float32)
    ours = principal_components(images, 2)
    np.testing.assert_allclose(ours.decode(ours.encode(images)), 0.5, atol=1e-6)
