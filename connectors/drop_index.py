"""Where in a file each person is, held in memory as keyed hashes and byte offsets, never as content.

https://www.rfc-editor.org/rfc/rfc7693 (BLAKE2)

A person costs four bytes an identifier: the upper bits of the keyed digest choose a bucket, the lower
sixteen and the number of a block of the file are kept there. Two people may so share an entry, once in
many thousand look-ups; a reader therefore compares the identifiers in the block itself, and a false hit
costs it one more block. The fewer bits are kept, the less the index tells to whoever gets hold of it.
"""

import sys
from array import array
from bisect import bisect_left
from hashlib import blake2b

_MOST_BLOCKS = 65_000
_LEAST_BLOCK_BYTES = 1024
_BYTES_PER_BUCKET = 32 * 1024
_MOST_BUCKET_BITS = 16


class Index:
    """The blocks of one file, and who may be in which."""

    def __init__(self, key: bytes, file_size: int) -> None:
        self._key = key
        self._hashes: dict[str, blake2b] = {}
        # so that a block's number always fits in two bytes
        self._block_bytes = max(_LEAST_BLOCK_BYTES, file_size // _MOST_BLOCKS + 1)
        bits = min((file_size // _BYTES_PER_BUCKET).bit_length(), _MOST_BUCKET_BITS)
        self._shift = 64 - bits
        self._buckets = [array("I") for _ in range(1 << bits)]
        self._starts = array("Q")
        self._lengths = array("I")
        self.pieces = 0
        # the block that is being filled: its number, where it starts, and from where a new one does
        self._block, self._block_start, self._block_full = -1, 0, -1

    def piece(self, start: int, end: int) -> int:
        """Notes that the bytes from `start` to `end` speak of one person; returns the block's number.

        Pieces come in the order of the file.
        """
        self.pieces += 1
        if start >= self._block_full:
            self._block += 1
            self._block_start, self._block_full = start, start + self._block_bytes
            self._starts.append(start)
            self._lengths.append(end - start)
        else:
            self._lengths[self._block] = end - self._block_start
        return self._block

    def person(self, name: str, value: str) -> None:
        """Notes an identifier of the person of whom the last piece speaks."""
        digest = self._digest(name, value)
        self._buckets[digest >> self._shift].append((digest & 0xFFFF) << 16 | self._block)

    def finish(self) -> None:
        """Sorts what was added; before it nothing is found."""
        self._buckets = [array("I", sorted(set(bucket))) for bucket in self._buckets]

    def blocks(self, name: str, value: str) -> list[tuple[int, int]]:
        """Start and end of every block in which the person with this identifier may be."""
        digest = self._digest(name, value)
        bucket, tail = self._buckets[digest >> self._shift], digest & 0xFFFF
        first, last = bisect_left(bucket, tail << 16), bisect_left(bucket, (tail + 1) << 16)
        return [self._place(entry & 0xFFFF) for entry in bucket[first:last]]

    def memory(self) -> int:
        """The bytes that the index takes."""
        arrays = (self._starts, self._lengths, *self._buckets)
        return sum(map(sys.getsizeof, arrays)) + sys.getsizeof(self._buckets)

    def _place(self, number: int) -> tuple[int, int]:
        start = self._starts[number]
        return start, start + self._lengths[number]

    def _digest(self, name: str, value: str) -> int:
        hashed = (self._hashes.get(name) or self._hash_of(name)).copy()
        hashed.update(value.encode())
        return int.from_bytes(hashed.digest(), "big")

    def _hash_of(self, name: str) -> blake2b:
        # the name goes in first, once: one person's number is not another's reference
        self._hashes[name] = blake2b(name.encode() + b"\0", key=self._key, digest_size=8)
        return self._hashes[name]


def written_alike(value: str) -> str:
    """`value` without the blanks and capitals in which two writings of one identifier differ."""
    return "".join(value.split()).upper()
