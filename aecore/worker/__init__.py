"""The process that does the work: `python -m aecore.worker`, started by an engine. Keras lives here, and only here."""
