"""Where every edge of a forest stands: its tree above it, and which earlier edge tested the same feature."""

from __future__ import annotations

from numba import njit

from core.scoring.forest import LEAF


@njit(error_model="numpy")
def paths_into(feature, right, roots, cover, parent, above, is_left, reach, distinct, depth):  # type: ignore[no-untyped-def]
    """Fill the last six arrays, (n_nodes,) each: -1, -1, False, 1, 0 and 0 at a root.

    ``parent``: the node above. ``above``: the last node on the way whose edge tests the same feature, -1 for none.
    ``reach``: product of the cover ratios of the conditions on that feature. ``distinct``: features tested on the way.
    """
    parent[:], above[:], is_left[:], reach[:], distinct[:], depth[:] = -1, -1, False, 1.0, 0, 0
    for tree in range(roots.shape[0] - 1):
        for node in range(roots[tree], roots[tree + 1]):
            if feature[node] != LEAF:
                parent[node + 1] = node
                is_left[node + 1] = True
                parent[right[node]] = node
            if parent[node] < 0:
                continue
            up = parent[node]
            depth[node] = depth[up] + 1
            column = feature[up]
            while parent[up] >= 0 and feature[parent[up]] != column:
                up = parent[up]
            known = parent[up] >= 0
            above[node] = up if known else -1
            ratio = cover[node] / cover[parent[node]]
            reach[node] = (reach[up] if known else 1.0) * ratio
            distinct[node] = distinct[parent[node]] + (0 if known else 1)
