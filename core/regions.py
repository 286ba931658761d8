"""The ten regions of a face and their outlines on MediaPipe's 478-point face mesh.

Left and right are the subject's own sides. In an unmirrored picture the subject's right eye is on the image's left.
"""

from enum import Enum


class Region(str, Enum):
    """A named part of the face; the value is the name used in JSON, in file headers and in text keys."""

    LEFT_EYE = "left_eye"
    RIGHT_EYE = "right_eye"
    LEFT_BROW = "left_brow"
    RIGHT_BROW = "right_brow"
    NOSE = "nose"
    MOUTH = "mouth"
    LEFT_CHEEK = "left_cheek"
    RIGHT_CHEEK = "right_cheek"
    FOREHEAD = "forehead"
    CHIN = "chin"


EYES = (Region.LEFT_EYE, Region.RIGHT_EYE)

# Closed polygons of mesh indices, drawn on the mean face by eye. An eye's outline is the ring round its lids, so that
# it keeps its area when the eye closes.
OUTLINES: dict[Region, tuple[int, ...]] = {
    Region.LEFT_EYE: (359, 467, 260, 259, 257, 258, 286, 414, 463, 341, 256, 252, 253, 254, 339, 255),
    Region.RIGHT_EYE: (130, 247, 30, 29, 27, 28, 56, 190, 243, 112, 26, 22, 23, 24, 110, 25),
    Region.LEFT_BROW: (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
    Region.RIGHT_BROW: (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    Region.NOSE: (168, 193, 245, 188, 174, 236, 198, 49, 64, 98, 97, 2)
    + (326, 327, 294, 279, 420, 456, 399, 412, 465, 417),
    Region.MOUTH: (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146),
    Region.LEFT_CHEEK: (345, 346, 347, 348, 329, 371, 423, 426, 427, 411, 376, 352),
    Region.RIGHT_CHEEK: (116, 117, 118, 119, 100, 142, 203, 206, 207, 187, 147, 123),
    Region.FOREHEAD: (103, 67, 109, 10, 338, 297, 332, 333, 299, 337, 9, 108, 69, 104),
    Region.CHIN: (204, 182, 83, 18, 313, 406, 424, 431, 395, 400, 377, 152, 148, 176, 170, 211),
}

EYE_CORNERS: dict[Region, tuple[int, int]] = {Region.LEFT_EYE: (362, 263), Region.RIGHT_EYE: (33, 133)}
"""(image-left corner, image-right corner) of each eye in an unmirrored, upright face."""

MOUTH_CORNERS = (61, 291)
INNER_LIPS = ((82, 13, 312), (87, 14, 317))
"""Points of the upper and of the lower lip that meet when the mouth is closed."""

CHIN_TIP = 152

EYELIDS: dict[Region, tuple[int, ...]] = {
    Region.LEFT_EYE: (362, 385, 387, 263, 373, 380),
    Region.RIGHT_EYE: (33, 160, 158, 133, 153, 144),
}
"""The six points p1..p6 of the eye aspect ratio, (|p2-p6| + |p3-p5|) / 2|p1-p4| (Soukupova and Cech, 2016)."""

UPPER_LIDS: dict[Region, tuple[int, ...]] = {
    Region.LEFT_EYE: (362, 398, 384, 385, 386, 387, 388, 466, 263),
    Region.RIGHT_EYE: (33, 246, 161, 160, 159, 158, 157, 173, 133),
}
LOWER_LIDS: dict[Region, tuple[int, ...]] = {
    Region.LEFT_EYE: (362, 382, 381, 380, 374, 373, 390, 249, 263),
    Region.RIGHT_EYE: (33, 7, 163, 144, 145, 153, 154, 155, 133),
}
"""The lids' margins from the image-left to the image-right corner; along them training and tests draw shut eyes."""

FACE_OVAL = (
    (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377)
    + (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
)  # fmt: skip

LOWER_FACE = (
    (454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234)
    + (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
)  # fmt: skip
"""The face from the brows down: the contour from ear to ear, and the upper edges of both brows."""
