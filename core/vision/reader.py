"""One frame in, one reading out: the whole of core.vision behind one verb."""

from __future__ import annotations

from types import TracebackType

from core.regions import EYES
from core.settings import Settings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.eyes import EyeModel
from core.vision.judge import RegionJudge, Thresholds
from core.vision.landmarks import FaceFinder
from core.vision.occlusion import OcclusionModel
from core.vision.others import OtherFaces, outline_box
from core.vision.presentation import PresentationLook, PresentationThresholds
from core.vision.quality import QualityMeter, frame_brightness
from core.vision.reading import Frame, Reading
from core.vision.texture import LikenessMeter


class FaceReader:
    """Finds the faces of a frame and reads the main one. One per live session; not to be shared by threads."""

    def __init__(self, settings: Settings, *, live: bool) -> None:
        """`live`: frames follow one another in time; otherwise each stands alone (photos).

        Raises core.vision.assets.AssetError when a model file is missing or broken.
        """
        self._aligner = FaceAligner(settings.alignment)
        self._meter = QualityMeter(settings.alignment.face_px)
        self._likeness = LikenessMeter()
        self._eyes = EyeModel(assets.model_path("eyes"))
        self._occlusion = OcclusionModel(assets.model_path("occlusion"))
        self._judge = RegionJudge(Thresholds.from_manifest(assets.manifest()))
        limits = PresentationThresholds.from_manifest(assets.manifest())
        self._shown = PresentationLook(assets.model_path("presentation"), limits, settings.presentation, live=live)
        model = assets.ensure_face_model()
        self._finder = FaceFinder(model, settings.landmarks, live=live)
        self._others = OtherFaces(model, settings.other_faces, live=live)

    def read(self, frame: Frame) -> Reading:
        """Everything there is to say about one frame."""
        faces = self._finder.find(frame)
        brightness = frame_brightness(frame.rgb)
        if not faces:
            return Reading(frame.t, frame.size, brightness)
        face = faces[0]
        aligned = self._aligner.align(frame.rgb, face.landmarks)
        crops = [self._aligner.eye(frame.rgb, aligned, eye) for eye in EYES]
        scores = dict(zip(EYES, self._eyes.read(crops), strict=True))
        coverage = self._occlusion.read(aligned)
        return Reading(
            t=frame.t,
            size=frame.size,
            frame_brightness=brightness,
            face=face,
            others=tuple(outline_box(other) for other in faces[1:]) or self._others.find(frame, face),
            regions=self._judge.judge(coverage, scores),
            quality=self._meter.measure(frame, face, aligned),
            aligned=aligned,
            likeness=self._likeness.measure(aligned),
            presentation=self._shown.look(frame, face),
        )

    def close(self) -> None:
        """Free the memory of what finds faces."""
        self._finder.close()
        self._others.close()

    def __enter__(self) -> FaceReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
