"""The log of live documents and its snapshots; ``storage.documents`` is the door to it."""
