"""One frame in, one reading out: the whole of core.vision behind one verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType

from core.regions import EYES, Region
from core.settings import Settings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.alike import Alikeness
from core.vision.detector import PhotoDetector, SquareDetector, StreamDetector
from core.vision.eyes import EyeModel
from core.vision.geometry import outline_box
from core.vision.judge import RegionJudge, Thresholds
from core.vision.landmarks import FaceFinder
from core.vision.occlusion import OcclusionModel
from core.vision.orientation import HALF, CameraOrientation
from core.vision.others import OtherFaces
from core.vision.presentation import PresentationLook, PresentationThresholds
from core.vision.quality import QualityMeter, frame_brightness
from core.vision.reading import Aligned, Box, EyeScores, Face, Frame, Reading
from core.vision.texture import LikenessMeter
from core.vision.tracker import FaceTracker


@dataclass(frozen=True)
class Glance:
    """A face as it is cut out, and what the eye model says of its eyes."""

    aligned: Aligned
    eyes: Mapping[Region, EyeScores]


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
        self._alikeness = Alikeness(settings.alike) if live else None
        self._coverage: Mapping[Region, float] = {}
        self._judge = RegionJudge(Thresholds.from_manifest(assets.manifest()), settings.regions)
        limits = PresentationThresholds.from_manifest(assets.manifest())
        self._shown = PresentationLook(
            assets.model_path("presentation"), limits, settings.presentation, settings.plane, live=live
        )
        model = assets.ensure_face_model()
        self._finder: FaceTracker | FaceFinder
        self._detector: SquareDetector
        self._graphs: tuple[FaceFinder | PhotoDetector, ...] = ()
        if live:
            self._finder, self._detector = FaceTracker(model, settings.landmarks), StreamDetector(model)
        else:
            self._graphs = FaceFinder(model, settings.landmarks), PhotoDetector(model)
            self._finder, self._detector = self._graphs
        self._others = OtherFaces(self._detector, settings.other_faces, live=live)
        self._camera = CameraOrientation(self._detector, settings.orientation) if live else None

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        """Everything there is to say about one frame. expected: the only face, where it must be, in a stream."""
        faces = self._finder.find(frame, expected)
        if faces:
            others = tuple(outline_box(other) for other in faces[1:]) or self._others.find(frame, faces[0])
            reading = self.describe(frame, faces[0], others)
        else:
            reading = Reading(frame.t, frame.size, frame_brightness(frame.rgb))
        if self._camera is not None and self._camera.update(frame.rgb, reading):
            # What is read of a face that stands on its head is made up.
            return Reading(frame.t, frame.size, reading.frame_brightness, turns=HALF)
        return reading

    def glance(self, frame: Frame, face: Face) -> Glance:
        """At the eyes of a face that stands where its mesh says."""
        aligned = self._aligner.align(frame.rgb, face.landmarks)
        crops = [self._aligner.eye(frame.rgb, aligned, eye) for eye in EYES]
        return Glance(aligned, dict(zip(EYES, self._eyes.read(crops), strict=True)))

    def follow(self, frame: Frame, face: Face, before: Reading, glance: Glance | None, *, regions: bool) -> Reading:
        """As `read`, of a face that stands where its mesh says, which is not laid anew.

        before: what was read when it was. glance: None where the eyes look as they did. regions: others may not.
        """
        others = self._others.find(frame, face)
        if regions and glance is not None:
            return replace(self._describe(frame, face, others, glance), carried=True)
        assert before.aligned is not None
        return replace(
            before,
            t=frame.t,
            face=face,
            others=others,
            regions=self._judge.judge(self._coverage, glance.eyes, face.pose.yaw) if glance else before.regions,
            presentation=self._shown.look(frame, face, glance.aligned if glance else before.aligned),
            carried=True,
        )

    def describe(self, frame: Frame, face: Face, others: tuple[Box, ...]) -> Reading:
        """What there is to say about one face of a frame. others: where further ones are."""
        return self._describe(frame, face, others, self.glance(frame, face))

    def _describe(self, frame: Frame, face: Face, others: tuple[Box, ...], glance: Glance) -> Reading:
        aligned = glance.aligned
        return Reading(
            t=frame.t,
            size=frame.size,
            frame_brightness=frame_brightness(frame.rgb),
            face=face,
            others=others,
            regions=self._judge.judge(self._covered(aligned), glance.eyes, face.pose.yaw),
            quality=self._meter.measure(frame, face, aligned),
            aligned=aligned,
            likeness=self._likeness.measure(aligned),
            presentation=self._shown.look(frame, face, aligned),
        )

    def _covered(self, aligned: Aligned) -> Mapping[Region, float]:
        """The share of each region that is covered; of a face that looks as it did it is read in every second frame."""
        if self._alikeness is None or not self._alikeness.update(aligned):
            self._coverage = self._occlusion.read(aligned)
        return self._coverage

    def close(self) -> None:
        """Free the memory of what finds faces in photos; what finds them in streams is shared by all."""
        for graph in self._graphs:
            graph.close()

    def __enter__(self) -> FaceReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
