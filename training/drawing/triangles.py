"""Where the pixels of a square lie in a mesh, triangle by triangle. No torch here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay


def within(mesh: NDArray[np.floating], size: int) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.float64]]:
    """Of the pixels of (size, size) that the mesh (P, 2) covers: their index in the flattened square, the points (N, 3)
    of the triangle each lies in, and its barycentric weights (N, 3) there.
    """
    triangles = Delaunay(mesh)
    y, x = np.mgrid[0:size, 0:size]
    pixels = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
    found = triangles.find_simplex(pixels)
    at = np.flatnonzero(found >= 0)
    transform = triangles.transform[found[at]]
    two = np.einsum("pij,pj->pi", transform[:, :2], pixels[at] - transform[:, 2])
    return at, triangles.simplices[found[at]], np.column_stack([two, 1 - two.sum(axis=1)])
