"""Makes core/vision/likeness.npz: the mean mesh, the way to lay a face out on it, and the mean face's detail.

python -m training.likeness FOLDER...    near-frontal photos, one person each
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES, load_photo
from core.regions import OUTLINES, Region
from core.settings import Settings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.landmarks import FaceFinder
from core.vision.likeness import DATA, SIDE
from core.vision.reading import Aligned, Frame
from core.vision.texture import LikenessMeter
from training.drawing import triangles

_MESH_POINTS = 468  # the other ten are the irises, which move
_MAX_YAW = 20.0  # degrees


def main() -> None:
    """Read the photos and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=Path, help="folders of photos")
    faces = _faces(parser.parse_args().photos)
    px = Settings().alignment.face_px
    mesh = np.mean([face.landmarks for face in faces], axis=0)[:_MESH_POINTS] / px
    corners, weights, at = _layout(mesh * SIDE)
    parts = {"corners": corners, "weights": weights, "at": at, "mesh": mesh.astype(np.float32)}
    parts["regions"] = np.array([_filled(mesh[list(OUTLINES[region])]) for region in Region])
    np.savez_compressed(DATA, **parts, mean=np.zeros((SIDE, SIDE), np.float16))
    meter = LikenessMeter()
    mean = np.mean([meter.detail(face) for face in faces], axis=0)
    np.savez_compressed(DATA, **parts, mean=mean.astype(np.float16))
    print(f"{DATA.name}: {len(faces)} faces, {DATA.stat().st_size} bytes")


def _faces(folders: list[Path]) -> list[Aligned]:
    """The face of each usable photo."""
    settings = Settings()
    aligner, found = FaceAligner(settings.alignment), []
    paths = sorted(p for folder in folders for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES)
    with FaceFinder(assets.ensure_face_model(), settings.landmarks) as finder:
        for path in paths:
            try:
                rgb = load_photo(path, settings.files)
            except FileError:
                continue
            faces = finder.find(Frame(rgb, 0.0))
            if len(faces) == 1 and abs(faces[0].pose.yaw) < _MAX_YAW:
                found.append(aligner.align(rgb, faces[0].landmarks))
    return found


def _filled(outline: np.ndarray) -> np.ndarray:
    """(SIDE, SIDE) uint8: 1 within an outline (P, 2), in shares of the square."""
    plane = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(plane, [(outline * SIDE).round().astype(np.int32)], 1)
    return plane


def _layout(mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pixel of the texture inside the mesh: its triangle's points, its weights in it, and its index."""
    at, corners, weights = triangles.within(mesh, SIDE)
    return corners.astype(np.int16), weights.astype(np.float16), at.astype(np.int16)


if __name__ == "__main__":
    main()
