"""The memory that large bodies may take, all threads together."""

import threading

LARGE_BYTES = 1_000_000
"""Bodies up to this are not counted."""
MOST_BYTES = 200_000_000


class Budget:
    """What each thread has reserved for the body that it carries."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()  # guards the reservations, by thread
        self._changed = threading.Condition(self._lock)
        self._reserved: dict[int, int] = {}

    def reserve(self, size: int, *, seconds: float) -> bool:
        """Wait so long at most for room for a body of this size, once a body; whether there is. One always fits."""
        with self._lock:
            if self._changed.wait_for(lambda: self._has_room(size), timeout=seconds):
                self._reserved[threading.get_ident()] = size
                return True
            return False

    def release(self) -> None:
        """The calling thread carries no body any more."""
        if threading.get_ident() in self._reserved:
            with self._lock:
                del self._reserved[threading.get_ident()]
                self._changed.notify_all()

    def _has_room(self, size: int) -> bool:
        return not self._reserved or sum(self._reserved.values()) + size <= self._most_bytes
