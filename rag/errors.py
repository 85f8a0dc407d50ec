"""The errors that this project raises on purpose.

    OnTheRecordError          one clear sentence for the user; programs catch this one
    ├── ConfigError           a setting or an argument that cannot be used
    ├── StoreError            the index is missing, busy, or was built by something else
    │   └── StaleError        the index was brought up to date while it was read: open it again
    └── ModelError            a language or embedding model that cannot be loaded or reached

`ingest` adds its own `LoadError` for a file that cannot be read.
"""


class OnTheRecordError(Exception):
    """Base of all: its message says what was given, what was expected and what to do next."""


class ConfigError(OnTheRecordError):
    """A setting or an argument that cannot be used."""


class StoreError(OnTheRecordError):
    """The index is missing, in use by another writer, damaged, or was built by another model."""


class StaleError(StoreError):
    """A later state of the index has taken the place of what was read: open it again and read anew."""


class ModelError(OnTheRecordError):
    """A language or embedding model that cannot be loaded or reached."""
