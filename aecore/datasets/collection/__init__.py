"""Collections: images that a person brought, known by the digest of their contents."""

from aecore.datasets.collection.disk import delete_collection, sweep_collections
from aecore.datasets.collection.importing import Imported, import_collection
from aecore.datasets.collection.part import Collection

__all__ = ["Collection", "Imported", "delete_collection", "import_collection", "sweep_collections"]
