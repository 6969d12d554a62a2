"""Finding the child: opaque ids, the gate, and the cross-check of every source's answer."""
