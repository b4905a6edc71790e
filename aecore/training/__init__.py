"""Training: batches, compiled steps, the epoch loop. Keras lives here, and only the worker imports it."""
