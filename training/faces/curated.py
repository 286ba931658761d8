"""What looking at the photographs showed: files whose folder does not tell what they are.

Found by sorting all photos by what a first model said and by looking at the top of that list.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(line.strip() for line in text.splitlines() if line.strip())


NOT_CLEAN = _names(
    """
closed_eye_0165.jpg_face_2.jpg
closed_eye_0248.jpg_face_1.jpg
closed_eye_0260.jpg_face_1.jpg
closed_eye_0272.jpg_face_1.jpg
closed_eye_0290.jpg_face_1.jpg
closed_eye_0353.jpg_face_1.jpg
closed_eye_0360.jpg_face_1.jpg
closed_eye_0523.jpg_face_2.jpg
closed_eye_0633.jpg_face_1.jpg
closed_eye_0668.jpg_face_1.jpg
closed_eye_0671.jpg_face_1.jpg
closed_eye_0791.jpg_face_2.jpg
closed_eye_0797.jpg_face_1.jpg
closed_eye_0805.jpg_face_3.jpg
closed_eye_0899.jpg_face_1.jpg
closed_eye_0919.jpg_face_2.jpg
closed_eye_1315.jpg_face_2.jpg
closed_eye_1387.BMP_face_1.jpg
closed_eye_1505.jpg_face_1.jpg
closed_eye_1608.jpg_face_1.jpg
closed_eye_1964.jpg_face_1.jpg
closed_eye_1995.jpg_face_2.jpg
closed_eye_2332.jpg_face_1.jpg
closed_eye_2388.jpg_face_1.jpg
closed_eye_2648.jpg_face_1.jpg
closed_eye_2713.jpg_face_1.jpg
closed_eye_2753.jpg_face_1.jpg
closed_eye_2773.jpg_face_1.jpg
closed_eye_2794.jpg_face_1.jpg
easy_164_1111.jpg
easy_166_1100.jpg
easy_20_1111.jpg
easy_74_0010.jpg
easy_96_0011.jpg
face_1092.jpg
face_1909.jpg
face_2740.jpg
face_3330.jpg
face_3369.jpg
face_3446.jpg
face_3881.jpg
face_4156.jpg
face_4299.jpg
face_4439.jpg
face_4934.jpg
face_5427.jpg
face_5856.jpg
face_624.jpg
face_6430.jpg
hard_109_1100.jpg
hard_134_1100.jpg
hard_185_1100.jpg
hard_211_0110.jpg
hard_238_1000.jpg
hard_47_1100.jpg
hard_86_1100.jpg
mid_134_1010.jpg
mid_211_1100.jpg
mid_470_1001.jpg
mid_47_1110.jpg
real_00017.jpg
real_00047.jpg
real_00072.jpg
real_00108.jpg
real_00118.jpg
real_00137.jpg
real_00180.jpg
real_00182.jpg
real_00241.jpg
real_00447.jpg
real_00598.jpg
real_00671.jpg
real_00729.jpg
real_00818.jpg
real_00889.jpg
real_00931.jpg
real_00947.jpg
real_00958.jpg
real_00966.jpg
"""
)
"""Faces of the clean folders with a hand, a cup, a microphone or the like at the face, or cut off."""

EYES_UNSURE = _names(
    """
closed_eye_0020.jpg_face_1.jpg
closed_eye_0181.BMP_face_1.jpg
closed_eye_1783.jpg_face_1.jpg
easy_235_1111.jpg
easy_4_0011.jpg
easy_81_1111.jpg
mid_356_1110.jpg
real_00023.jpg
real_00157.jpg
real_00184.jpg
real_00215.jpg
real_00286.jpg
real_00330.jpg
real_00360.jpg
real_00647.jpg
real_00708.jpg
real_00731.jpg
real_00786.jpg
real_00811.jpg
real_00873.jpg
real_00964.jpg
"""
)
"""Faces whose eyes are not in the state that their folder says, or that nobody can tell."""

MASKED_SHADES = _names(
    """
0502.jpg
123.jpg
2176.jpg
with_mask244.jpg
"""
)
"""Masked faces with dark glasses: the eyes are blocked too."""

NOT_MASKED = _names(
    """
0_0_≈˙◊¢ 2020-02-25 190026.jpg
1727.jpg
1_0_13.jpg
Augmented_739_7630163.jpg
with_mask065.jpg
with_mask067.jpg
with_mask085.jpg
with_mask115.jpg
with_mask145.jpg
with_mask200.jpg
with_mask206.jpg
with_mask232.jpg
with_mask233.jpg
with_mask301.jpg
with_mask393.jpg
with_mask422.jpg
with_mask428.jpg
"""
)
"""Masked faces left out: no mask, a balaclava, a helmet, a visor, too dark to tell."""

SPECTACLES = _names(
    """
face_1515.jpg
face_1792.jpg
face_1863.jpg
face_187.jpg
face_2182.jpg
face_2755.jpg
face_3049.jpg
face_3127.jpg
face_3584.jpg
face_3631.jpg
face_4080.jpg
face_4735.jpg
face_5032.jpg
face_5081.jpg
face_5247.jpg
face_527.jpg
face_5412.jpg
face_5512.jpg
face_5825.jpg
face_6142.jpg
face_6393.jpg
face_6534.jpg
face_6612.jpg
face_703.jpg
hard_119_1100.jpg
hard_239_1000.jpg
mid_305_1101.jpg
real_00184.jpg
real_00391.jpg
real_00655.jpg
"""
)
"""Of the clean photos held back: those with clear spectacles."""

BEARDS = _names(
    """
easy_112_1001.jpg
easy_130_1101.jpg
easy_97_1111.jpg
face_1523.jpg
face_2184.jpg
face_3157.jpg
face_4076.jpg
face_4080.jpg
face_4388.jpg
face_5150.jpg
face_5812.jpg
face_6142.jpg
face_6482.jpg
face_6671.jpg
hard_128_1111.jpg
hard_172_1100.jpg
hard_239_1000.jpg
mid_154_1111.jpg
mid_240_1100.jpg
real_00185.jpg
real_00262.jpg
real_00391.jpg
real_00428.jpg
real_00558.jpg
real_00655.jpg
real_00876.jpg
"""
)
"""Of the clean photos held back: those with a beard or a moustache."""
