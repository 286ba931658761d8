"""Every threshold and duration, with its unit and where it came from.

Per-region coverage thresholds are not here: they are chosen with the models and live in models/manifest.toml.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.regions import Region

MAX_GAP_S = 0.25  # seconds between frames; what happens in a longer gap is not known


@dataclass(frozen=True)
class AlignmentSettings:
    """How faces and eyes are cut. Changing a value means training the models again."""

    face_px: int = 160  # side of the aligned face, pixels; 128 is coarse for pens
    face_side: float = 3.1  # side of the aligned face, inter-eye distances: hairline to chin with a margin
    face_center_y: float = 0.5  # its centre below the eye line, inter-eye distances
    eye_px: int = 64  # side of an eye crop, pixels
    eye_side: float = 0.8  # side of an eye crop, inter-eye distances: lids, brow edge and nose bridge


@dataclass(frozen=True)
class LandmarkSettings:
    """MediaPipe FaceLandmarker."""

    # The larger one counts. Asked for one face alone, MediaPipe smooths the landmarks over time and follows its own
    # last outline, which draws a print's lids from open to shut as if they moved: 35 of 150 exchanges of two prints
    # passed for a blink, 3 of 150 without the smoothing.
    max_faces: int = 2
    min_confidence: float = 0.5  # 0..1, MediaPipe's default for detection, presence and tracking
    # In live frames a second face counts as soon as it leans in: at 0.5 one in six such people was not seen for a
    # second, at 0.35 all but one; no frame of eight clips with one person then shows two.
    min_detection_live: float = 0.35  # 0..1
    detect_every_s: float = 1.0  # seconds between two looks of the detector as long as the head's movement is known


@dataclass(frozen=True)
class RegionSettings:
    """How regions of a turned head are judged."""

    # Degrees of yaw from which an eye, a brow or a cheek on the far side is half out of sight: the outline of the eye
    # there is half as wide as that of the other (median of two clips' frames), and also shows the bridge of the nose,
    # the temple of spectacles and the wall behind. More than that half must then be covered, as the mask sees it.
    far_side_yaw: float = 35.0
    far_side_covered: float = 0.5  # share of the outline


@dataclass(frozen=True)
class AlikeSettings:
    """When a face of a stream looks as it did a frame ago: what lies on it is then read in every second frame only.

    A dark thing on a cheek, three tenths of an inter-eye distance wide, changes a cell by more
    (tests/vision/test_alike.py). With these limits and those of key frames, regions of 13 people under drawn things are
    named 0.013 s later on average than if all of every frame were read, one in twelve more than a frame later, at most
    0.2 s.
    """

    cells: int = 20  # a side of the aligned face; a cell is a sixth of an inter-eye distance wide
    max_change: float = 0.2  # of any cell, in shares of the face's mean luma
    max_gain: float = 0.1  # share by which the light may change


@dataclass(frozen=True)
class KeyFrameSettings:
    """In which frames of a stream the mesh is laid anew: others are compared with the last one in which it was.

    Changes are shares of the face's mean luma, the light's own apart. Set on 13 clips of people.
    """

    # Seconds from one mesh to the next, at the most. Of 580 blinks found in 13 clips at 12 to 30 frames a second (up to
    # four phases of each) 508 count then, none is false; with the mesh on every frame 509 of 582.
    every_s: float = 0.54
    # Beyond these the head is not followed: the mesh is laid anew.
    max_stray: float = 0.04  # inter-eye distances (median) by which the head's points may stray from one movement
    max_gain: float = 0.1  # share by which the light may change
    max_other: float = 0.15  # mean of the face's cells; a cell is a sixth of an inter-eye distance wide
    # Beyond these the regions are read anew.
    max_change: float = 0.05  # mean of the face's cells
    max_cell_change: float = 0.35  # of any of them
    # Beyond this, of any cell around the eyes, only the eyes are. The faintest of 78 pairs of frames with open and with
    # shut eyes, of 12 people, differ by 0.096; those of dark eyes in a bright face by 0.9.
    max_lid_change: float = 0.09
    min_inter_eye_px: float = 36.0  # smaller faces show too little of their lids
    # Where the eye model takes the eyes for more shut (0..1, mean of both) by this, the mesh is laid on the frames
    # before, too: on a half shut eye that model is slow to say so.
    max_shutting: float = 0.08
    hold_s: float = 0.06  # seconds for which frames wait for that: one at 15 a second, two at 30


@dataclass(frozen=True)
class OtherFaceSettings:
    """The search for further faces."""

    every_s: float = 0.08  # seconds between two looks: every second frame of 15 to 24 a second, every one of 12
    # Nobody comes in where nothing changes. With this limit 13 to 42 % of the frames of seven clips are looked at, at
    # 12 to 15 a second (all or half of them without it), and 83 % of one in which all moves.
    change: float = 10.0  # 0..255 in a colour, of any of 300 cells outside the main head since the last look
    at_least_every_s: float = 0.5  # seconds
    # Shares of the longer side, laid around the frame, so that a face on its edge is a whole one: of the first look,
    # and of two more that must bear it out.
    margins: tuple[float, ...] = (0.2, 0.1, 0.3)
    candidate: float = 0.4  # 0..1, the detector's confidence in the first look that calls for more
    # Second faces were found in 94 of 100 composed pictures in which the frame's edge hides a quarter of them,
    # in 95 where it hides half; half as large ones in 57. None in 982 photos of one person, 2 in 400 composed scenes.
    min_confidence: float = 0.65  # 0..1, mean of all looks and of a mirrored one


@dataclass(frozen=True)
class PresentationSettings:
    """The look for a screen or a print. Changing the views means training the model again."""

    every_s: float = 0.33  # seconds between two looks at a live stream
    view_px: int = 96  # side of each view, pixels; the detail is cut at the camera's own resolution
    face_side: float = 1.25  # side of the face's view, longer sides of the face's outline
    surroundings_side: float = (
        2.8  # of the surroundings', likewise: a phone's frame is within it, most of the room is not
    )


@dataclass(frozen=True)
class PlaneSettings:
    """When a face turns as one flat thing. Shares of the aligned face's side, which is 3.1 inter-eye distances."""

    memory_s: float = 2.0  # seconds back with which the face is compared
    # By how much the mesh, and then the picture, must differ from what a similarity explains; below, noise decides.
    least_mesh: float = 0.008
    least_turn: float = 0.011
    # Share of that which no plane explains. 459 pairs of pictures of people (17 clips, nine of NUAA) have 0.36 or more;
    # of 92 pairs of NUAA's tilted prints two in three have less than 0.33, half less than 0.28.
    flat: float = 0.32


@dataclass(frozen=True)
class CloserLookSettings:
    """The second look at photos, through windows."""

    side_px: float = 480.0  # px of a window where no face was seen: one of 36 px between the eyes fills a sixth of it
    main_faces: float = 3.3  # widths of the main face's outline in a window: half as large ones fill a seventh of it
    step: float = 0.6  # of a window, from one to the next; what is wider than the rest of it may be cut in all
    min_share: float = 0.4  # width of a face beside, in widths of the main one's outline
    candidate: float = 0.4  # 0..1, the detector's confidence in a view that calls for three more
    min_confidence: float = 0.65  # 0..1, mean of the four


@dataclass(frozen=True)
class OrientationSettings:
    """Which way up a picture is, by the detector's confidence (0..1) as it stands and turned.

    Set on the eyes and detector scores of 1,020 pictures of eight sources, half of them turned: see docs/formats.md.
    """

    margin: float = 0.2  # share of the longer side, laid around the picture
    sure: float = 0.92  # as it stands, from which nothing else is tried; faces on their heads reach 0.90
    slack: float = 0.05  # a picture on its head is tried where the detector is surer by more than minus this
    min_score: float = 0.5  # below it there is no face to tell by
    min_gain: float = 0.1  # gain in confidence, with the eyes' share, from which a picture is turned
    eye_weight: float = 0.2  # of what the eyes look like (-2..1) beside the detector's confidence
    # What need not be tried: of the same pictures, turned in all four ways, none is then read otherwise.
    upright_roll: float = 30.0  # degrees below which a mesh stands upright
    upright_eyes: float = 0.5  # what its eyes look like (-2..1), from which it is not tried on its side
    sure_with_eyes: float = (
        1.06  # confidence and the eyes' share, from which it is not turned; on their heads up to 1.005
    )
    every_s: float = 0.5  # seconds between two looks at a live camera
    sure_every_s: float = 2.0  # the same while all of the last looks were sure that it stands upright
    looks: int = 4  # of which the mean tells


@dataclass(frozen=True)
class QualitySettings:
    """What a good frame is."""

    min_inter_eye_px: float = 36.0  # px; a 320x240 stream with the face at a third of its width has about 45
    min_eye_share: float = 0.13  # of the shorter side; the face then fills about 30 % of it
    # Between the eyes (ISO/IEC 39794-5, ICAO Doc 9303). Who is farther is asked to come nearer where the camera gives
    # so much at a distance that is still comfortable: with 540 rows and more; 640x480 does not.
    good_inter_eye_px: float = 90.0  # px of the whole picture
    near_eye_share: float = 0.17  # of the shorter side; the face then fills about 40 % of it
    max_eye_share: float = 0.36  # of the shorter side; the face then fills about 80 % of it
    max_offset_x: float = 0.2  # of the width, face centre from the frame centre
    max_offset_y: float = 0.22  # of the height
    min_inside: float = 0.97  # share of the face outline within the frame
    # Usual capture guidance says 15, 15 and 10. FaceLandmarker's own angles scatter: straight portraits have pitches of
    # -17 to +17 (2nd and 98th percentile of 204), and a laptop's camera looks up or down at a person.
    max_yaw: float = 18.0  # degrees
    max_pitch: float = 20.0  # degrees
    max_roll: float = 12.0  # degrees
    # The darkest usable face is told by its highlights, not by its mean, which would be a measure of skin.
    min_highlight: float = 45.0  # luma 0..255, 95th percentile of the face
    max_brightness: float = 225.0  # luma 0..255, mean of the face
    max_clipped: float = 0.3  # share of the face at luma 250 or more
    black_frame: float = 8.0  # luma 0..255 of the frame below which the camera is taken to be off
    min_sharpness: float = 12.0  # variance of the Laplacian of the aligned face


# A photo from a file needs no framing in an oval, but the face must be whole.
PHOTO_QUALITY = QualitySettings(
    min_eye_share=0.0, max_eye_share=1.0, max_offset_x=1.0, max_offset_y=1.0, min_inside=0.9
)


@dataclass(frozen=True)
class FileSettings:
    """Limits for photos and clips from files."""

    max_megapixels: float = 64.0  # refused before decoding: a small file can unpack to gigabytes
    max_side_px: int = 1920  # larger photos are reduced; the models never need more
    # A larger JPEG is first decoded at the smallest of its fractions with that many px on the longer side. That look
    # counts where a face is so large that nothing is lost: eyes are read at 64 px of 0.8 distances, which are 80 px.
    first_look_px: int = 720
    first_look_eyes_px: float = 80.0  # px between the eyes
    max_clip_megapixels: float = 9.0  # of one frame; 4K has 8.3
    max_clip_s: float = 3600.0  # seconds; the command line takes an hour, the page less


@dataclass(frozen=True)
class ScreenSettings:
    """Screening many photos into Parquet files."""

    part_rows: int = 2000  # rows of a part
    part_s: float = 60.0  # seconds after which a part is written all the same: what a killed run loses
    thumbnails: int = 24  # of each reason in the report
    thumbnail_px: int = 160  # longer side


@dataclass(frozen=True)
class PositionSettings:
    """The first phase."""

    hold_s: float = 0.4  # seconds a good position must last
    # A problem counts by the running share of the time in which it was there.
    tau_s: float = 0.2  # seconds of that share
    on_above: float = 0.6  # share of the time; a problem then counts after 0.18 s
    off_below: float = 0.3  # share of the time; and is over after 0.24 s
    leave_s: float = 1.0  # seconds of a problem after which the blink phase gives way to the position


@dataclass(frozen=True)
class BadgeSettings:
    """States of regions, smoothed: running shares of the time in which a region was blocked or closed."""

    blocked_tau_s: float = 0.2  # seconds; with the levels below a thing shows after 0.2 s
    closed_tau_s: float = 0.5  # seconds; a blink does not show, shut eyes do
    on_above: float = 0.6  # share of the time
    off_below: float = 0.3  # share of the time
    keep_s: float = 0.3  # seconds without a face after which there is nothing to show


@dataclass(frozen=True)
class BlinkSettings:
    """A blink: both eyes open -> closed -> open."""

    min_s: float = 0.06  # seconds
    max_s: float = 0.8
    slow_s: float = 1.6  # seconds; who shuts the eyes for longer did not mean to blink
    half_open: float = 0.25  # share of the blink's deepest closure at which its time begins and ends
    margin_s: float = 0.12  # seconds before it in which the eyes must be free as well
    # Shares of its frames in which an eye is covered; a blurred lid can look like a thing.
    max_covered: float = 0.7  # above, a thing passed by
    max_covered_to_count: float = 0.4
    max_gap_s: float = MAX_GAP_S
    # A real blink may shut one eye by half only, and a slow camera catch the two apart: without it 15 of 192 blinks are
    # missed at 15 frames a second, with it 7.
    wider_weight: float = 0.25  # of the eye that is more shut, in the closure of both; a wink stays below
    closed_above: float = 0.4  # closure 0..1 of both eyes
    open_below: float = 0.35  # closure 0..1 of both eyes
    model_weight: float = 0.6  # of the eye model; the rest is the blendshape's
    open_shape: float = 0.15  # eyeBlink of an open eye before the person's own is known
    max_open_shape: float = 0.45  # eyeBlink; some people's open eyes show 0.4
    full_shape: float = 0.6  # eyeBlink of a shut eye; natural blinks peak near 0.56
    baseline_down_s: float = 0.3  # seconds in which the person's open level follows down
    baseline_up_s: float = 3.0  # and up
    speed_base_s: float = 0.033  # seconds over which a head's speed is measured, at the least
    # Inter-eye distances per second at which a blink still counts: a head that is thrown about reaches 16, one print
    # that slides over another 17 to 90.
    max_speed: float = 18.0
    min_follows: float = 0.45  # correlation of the face outside the eyes from frame to frame; a cut has less
    # For a blink that may answer a challenge; below, and where an eye is covered, twice the evidence is asked for.
    min_follows_to_count: float = 0.6
    min_follows_in_doubt: float = 0.5  # and then this
    # Lids on their way. Shares of the way are 0 for open and 1 for shut eyes.
    before_s: float = 0.3  # seconds of open eyes before a blink that it is measured against
    tail_s: float = 0.3  # seconds after it in which the lids may still be seen to open
    settle_s: float = 0.1  # seconds after it from which the eyes are as open as they will be
    shut: float = 0.75  # share of the way from which they are shut
    least_gap: float = 0.03  # between open and shut; a narrower one is noise. Open eyes have 0.13 to 0.45
    least_shape: float = 0.1  # eyeBlink, likewise
    noise_s: float = 1.0  # seconds before a blink in which the noise is measured
    strays: float = 4.0  # steps from frame to frame (median) that open eyes may stray
    step_s: float = 1 / 15  # seconds of a step; of a longer one, between frames some of which were not read, that share
    # Shares of the way that they stray at the least, by the gap between the lids and by eyeBlink, and at most.
    gap_noise: float = 0.06
    shape_noise: float = 0.12
    max_noise: float = 0.3
    # Share of the way by the gap at which one frame is clear; two prints mixed by less look the same as lids.
    clear_way: float = 0.2
    # (share of the way up to which, what the eye model says of it at most, 0..1). 20 pairs of prints, one showing
    # through the other by 5 to 80 %, stay below in 3 of 260 frames; half shut lids of 15 people have 0.03 (median).
    max_seen_shut: tuple[tuple[float, float], ...] = ((0.25, 0.05), (0.4, 0.1), (0.45, 0.2), (0.75, 0.6))
    faint: float = 0.5  # what a fainter frame is worth
    faint_seen_shut: float = 0.2
    enough: float = 1.0  # evidence at which a blink counts
    enough_in_doubt: float = 2.0


@dataclass(frozen=True)
class ChallengeSettings:
    """Strict mode: blinks on cue."""

    strict: bool = False
    cues: int = 2  # that must be answered at the least
    # Seconds before a cue, drawn at random between the two.
    min_wait_s: float = 0.4
    max_wait_s: float = 1.4
    # Seconds from the cue. A person answers after 0.35 to 0.7, the page shows the cue up to 0.3 later.
    min_answer_s: float = 0.2
    max_answer_s: float = 1.2
    # The test of the answers. Chosen on films and people that were played against the cues: RESULTS.md has the table.
    enough: float = 4.0  # natural logarithm of how much likelier a person must be than a film
    too_little: float = -3.5  # the same, at which the try has failed
    more_each_try: float = 1.0  # that is added after each failed try
    scatter_s: float = (
        0.15  # seconds by which a person's answers scatter: a fifth (Luce, "Response Times", 1986) and the page
    )
    astray: float = 0.1  # share of a person's answers that come at any time
    heeded: float = 0.95  # share of the cues that a person answers
    own_rate: float = 0.15  # a person's unasked blinks a second; 7 a minute when attentive, 17 at rest
    max_rate: float = 2.0  # blinks a second that a film may have


@dataclass(frozen=True)
class SuspicionSettings:
    """When a face that looks shown to the camera must answer cues, also in standard mode."""

    memory_s: float = 2.5  # seconds in which looks count
    min_looks: int = 3  # that show a sign: with three looks a second, two thirds of a second
    # That show a face to turn as one flat thing: of 305 looks at people who turned none does (the nearest has 0.46).
    min_flat_looks: int = 2
    share: float = 0.6  # of the looks within the memory


@dataclass(frozen=True)
class WindowSettings:
    """The occlusion window."""

    hold_s: float = 2.0  # seconds with every required region clear
    required: tuple[Region, ...] = (Region.LEFT_EYE, Region.RIGHT_EYE, Region.NOSE, Region.MOUTH)
    max_gap_s: float = MAX_GAP_S
    max_closed_s: float = 0.8  # seconds; a blink makes the window wait, longer sets it back
    confirm_s: float = 0.25  # seconds without trouble that must follow a shot; a swap is called within 0.15 s
    give_up_closed_s: float = 3.0  # seconds of closed eyes that cost the try


@dataclass(frozen=True)
class BestShotSettings:
    """What counts as a difference between two shots, so that the next thing decides between those that are alike.

    In three clips of people before a camera the components scatter from frame to frame (standard deviation) by up to 1
    (pose), 4 (mouth), 2 (distance) and 5 (light) of 100.
    """

    eyes_step: float = 0.1  # of the eyes' openness, 0..1
    # Of a component's 0..100.
    pose_step: int = 3  # 10 degrees of any angle are a step, 14 two, 17 three
    mouth_step: int = 10
    distance_step: int = 10
    light_step: int = 10


@dataclass(frozen=True)
class StillSettings:
    """The still that the page takes of the camera's own track during the check."""

    ask_at: tuple[float, ...] = (0.1, 0.5)  # progress of the window; again only when there is no good one yet
    moment_s: float = 0.4  # seconds around the request that its moment lasts
    # Seconds that its way to the server may take: 1.5 Mbit/s bring 0.2 MB (1280x720) in that time, 3 bring 1920x1080; a
    # busy machine takes half of it.
    upload_s: float = 1.3
    answer_s: float = 1.6  # seconds from the request until it is too late; nothing waits for it
    shape: float = 0.03  # by which the ratio of its sides may differ from the stream's: rounding to even sides
    # Against the best of the stream's frames of its moment.
    moved: float = 0.25  # inter-eye distances that the eyes may be off; a calm head moves 0.1 between two frames
    grown: float = 0.1  # natural logarithm of the ratio of the heads' sizes
    same_face: float = 0.5  # correlation of the faces, as ContinuitySettings.same_face
    same_room: float = 0.7  # correlation of what is around the person
    most_bytes: int = 8_000_000  # of its file; 1920x1080 has 0.3 to 1 MB
    px: int = 1920  # longer side asked of the camera for it


@dataclass(frozen=True)
class ContinuitySettings:
    """One face from the blink to the capture."""

    max_gap_s: float = MAX_GAP_S  # also without a face
    # A busy network or server holds frames back for that long; the face after it is held to the one before it.
    max_stall_s: float = 1.0  # seconds without any frame
    second_face_s: float = 0.1  # seconds a second face must be there
    memory_s: float = 1.5  # seconds of frames kept before a blink: the longest one and its margins
    # Correlations 0..1 of two views' blocks (core.vision.likeness), measured on eight clips with wild expressions:
    # successive frames of one person have a mean of 0.56 at the least, 0.94 in the middle; frames of one person up to
    # 4 s apart 0.45 (1st percentile), 0.74 (median); two persons 0.0 (median), 0.41 (99th percentile).
    min_similarity: float = 0.5  # running mean of the trust in the blocks
    similarity_tau_s: float = 0.15  # seconds of that mean
    same_face: float = 0.5  # mean of all blocks at which a face is the one that blinked, whatever happened before
    cut: float = 0.55  # mean of successive frames below which nothing is taken to follow
    follows_none: float = 0.45  # a block that follows no better than this is another one
    follows_fully: float = 0.7  # a block that follows so well has lost nothing
    covered_block: float = 0.3  # share of a block that may be covered for it to be compared
    eye_block: float = 0.1  # share of a block that an eye may fill for a blink to leave it alone
    min_seen: float = 0.4  # share of the blocks that must be seen to tell
    min_highlight: float = 40.0  # luma 0..255 of the face's 95th percentile; darker faces are noise
    jump: float = 0.15  # inter-eye distances that landmarks may stray
    max_speed: float = 10.0  # inter-eye distances per second
    scale_jump: float = 0.1  # natural logarithm of the ratio of inter-eye distances
    max_scale_rate: float = 1.5  # the same per second


@dataclass(frozen=True)
class AttemptSettings:
    """When an attempt ends."""

    idle_s: float = 30.0  # seconds without progress
    tries: int = 3  # failed tries


@dataclass(frozen=True)
class WebSettings:
    """The live page."""

    camera_px: tuple[int, int] = (864, 486)  # width, height sent by the browser; the camera may give less
    # Megapixels that the models read, about: 640x480. They see no more of a face in more.
    read_megapixels: float = 0.31
    # Megapixels of a frame. What comes larger, as from a camera that knows no less, is made smaller before it is read;
    # with more than `max_decoded_megapixels` it is no webcam's, and not decoded: one of 192 took 2 GB of memory.
    max_frame_megapixels: float = 2.1  # 1920x1080
    max_decoded_megapixels: float = 8.9  # 4096x2160
    camera_fps: int = 24  # frames a second asked of the camera; a blink needs at least 12
    # Bits a second that the browser is asked to begin with, and to send at most and at least.
    camera_start_bits: int = 600_000
    camera_bits: int = 1_500_000
    camera_least_bits: int = 150_000
    # Frames whose outlines may be on their way to the page at once: at 24 a second, enough for a way of 0.1 s there and
    # back. Of more the page would be late after a pause of the network.
    outlines_ahead: int = 3
    hint_s: float = 0.6  # seconds a hint stays before another may replace it
    # Seconds between two updates of the page at the latest. It asks for one as soon as there is something new to show.
    refresh_s: float = 1.0
    panel_s: float = 0.5  # seconds between two updates of the stakeholder's panel
    history_s: float = 20.0  # seconds of signals that the stakeholder's panel shows
    give_up_frames: int = 25  # frames in a row that fail before the page says so; about a second
    jpeg_quality: int = 95  # of the selfie's JPEG, 0..100


@dataclass(frozen=True)
class UploadSettings:
    """The Check files page. What is checked there takes cores from the live sessions beside it."""

    files: int = 100  # at a time
    file_mb: int = 100  # megabytes of one file
    clip_s: float = 60.0  # seconds of a clip
    thumbnail_px: int = 360  # longer side of the small picture beside each row
    rows: int = 50  # shown at a time


@dataclass(frozen=True)
class StoreSettings:
    """The attempt log. Whether there is one is told from outside: see core.store.config."""

    folder: str = "data"  # of the SQLite file, from the folder the app was started in
    file: str = "attempts.sqlite"
    keep_days: int = 90  # days a row stays
    max_keep_days: int = 3650  # days; more is a slip of the finger
    waiting_rows: int = 1000  # rows kept in memory while the database is away
    retry_s: float = 5.0  # seconds between two tries to reach it
    wait_s: float = 5.0  # seconds to wait for a connection, for a lock, and at the end for the last rows
    sweep_s: float = 3600.0  # seconds between two deletions of old rows


@dataclass(frozen=True)
class SessionSettings:
    """Capture sessions: links that a back end makes for one person each."""

    ttl_s: int = 3600  # seconds a link works when the call does not say; longer than anyone looks for his phone
    min_ttl_s: int = 60  # seconds; less is a slip of the finger
    max_ttl_s: int = 2_592_000  # seconds: 30 days, for a round of testers
    kept_s: float = 86_400.0  # seconds after its expiry until all of a session is deleted; a webhook is tried that long
    sweep_s: float = 5.0  # seconds between two looks for what has expired
    page: int = 50  # sessions on a page of the list, when the call does not say
    max_page: int = 200
    requests: int = 600  # a minute for each key; API_LIMIT names another number
    body_kb: int = 16  # kilobytes of a request's body


@dataclass(frozen=True)
class WebhookSettings:
    """Telling a back end how a session ended."""

    # Seconds from one try to the next; the last is repeated. Standard Webhooks proposes about these.
    waits_s: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0)
    give_up_s: float = 86_400.0  # seconds from the end of the session to the last try
    timeout_s: float = 10.0  # seconds to connect, and again to answer
    lease_s: float = 60.0  # seconds until a try counts as lost, because its process died; well over two timeouts
    poll_s: float = 1.0  # seconds between two looks for what is due
    senders: int = 4  # threads, so that one slow receiver does not keep the others waiting


@dataclass(frozen=True)
class IceSettings:
    """STUN and TURN servers."""

    ttl_s: float = (
        3600.0  # seconds that credentials of our own making hold; a provider's are asked to hold twice as long
    )
    timeout_s: float = 3.0  # seconds a provider or a TURN server may take to answer
    retry_s: float = 30.0  # seconds until a provider that failed is asked again


@dataclass(frozen=True)
class AdmissionSettings:
    """How many use the camera at once."""

    lost_s: float = 2.0  # seconds a tab may be gone: a phone that changes networks comes back sooner
    idle_s: float = 60.0  # seconds without a frame that could be processed
    # Seconds until what a closed tab left is forgotten. A phone in a pocket may come back; Streamlit lets it for 120.
    kept_s: float = 110.0
    sweep_s: float = 0.5  # seconds between two looks; lost_s and this are together below 3 s
    tidy_s: float = 20.0  # seconds between two returns of free memory; each takes a few milliseconds
    min_fps: float = 15.0  # frames a second that every session is to get; a blink needs 12, the rest is margin
    # Processor time of a session for each second of its frames': encryption, network and the page come on top.
    # Measured by thread: 0.047 core, beside 0.205 for frames of 13.7 ms as people's are (benchmarks.sessions --frame).
    overhead: float = 1.25
    # Of the processors that sessions may fill; pages and the system need some. On two cores five sessions of calm
    # faces ran at 15.0 frames a second, six at 14.6 to 14.9, snapshots 0.06 and 0.08 s behind (95 %); seven at 9.
    share: float = 0.65
    max_cores: float = 2.0  # processors one Python process can fill; for more, run more processes
    drain_s: float = 20.0  # seconds that running sessions get when the server is asked to stop


@dataclass(frozen=True)
class AccessSettings:
    """The access code."""

    attempts: int = 5  # wrong codes from one address within the window
    attempts_all: int = 100  # wrong codes from everywhere within the window
    window_s: float = 600.0  # seconds


@dataclass(frozen=True)
class ReceptionSettings:
    """Packets that are lost on the way from the browser."""

    # A browser sends a packet again at most once in a round trip; most are shorter than this.
    ask_again_s: float = 0.1  # seconds between two requests for what is missing
    key_frame_s: float = 0.5  # seconds without a complete picture after which a key frame is asked for


@dataclass(frozen=True)
class ConnectionSettings:
    """When a stream without frames is said to be in trouble."""

    answer_s: float = 8.0  # seconds from START to the first frame; a TURN server takes up to 5
    freeze_s: float = 4.0  # seconds without a new frame
    pause_s: float = 1.5  # seconds between taking a frozen stream down and starting it again


@dataclass(frozen=True)
class Settings:
    """All of them; one object is handed down from the top."""

    alignment: AlignmentSettings = field(default_factory=AlignmentSettings)
    landmarks: LandmarkSettings = field(default_factory=LandmarkSettings)
    regions: RegionSettings = field(default_factory=RegionSettings)
    alike: AlikeSettings = field(default_factory=AlikeSettings)
    key_frames: KeyFrameSettings = field(default_factory=KeyFrameSettings)
    other_faces: OtherFaceSettings = field(default_factory=OtherFaceSettings)
    presentation: PresentationSettings = field(default_factory=PresentationSettings)
    plane: PlaneSettings = field(default_factory=PlaneSettings)
    closer_look: CloserLookSettings = field(default_factory=CloserLookSettings)
    orientation: OrientationSettings = field(default_factory=OrientationSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    photo_quality: QualitySettings = PHOTO_QUALITY
    files: FileSettings = field(default_factory=FileSettings)
    position: PositionSettings = field(default_factory=PositionSettings)
    badges: BadgeSettings = field(default_factory=BadgeSettings)
    blink: BlinkSettings = field(default_factory=BlinkSettings)
    challenge: ChallengeSettings = field(default_factory=ChallengeSettings)
    suspicion: SuspicionSettings = field(default_factory=SuspicionSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    best_shot: BestShotSettings = field(default_factory=BestShotSettings)
    still: StillSettings = field(default_factory=StillSettings)
    continuity: ContinuitySettings = field(default_factory=ContinuitySettings)
    attempt: AttemptSettings = field(default_factory=AttemptSettings)
    web: WebSettings = field(default_factory=WebSettings)
    upload: UploadSettings = field(default_factory=UploadSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    session: SessionSettings = field(default_factory=SessionSettings)
    webhook: WebhookSettings = field(default_factory=WebhookSettings)
    ice: IceSettings = field(default_factory=IceSettings)
    admission: AdmissionSettings = field(default_factory=AdmissionSettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    reception: ReceptionSettings = field(default_factory=ReceptionSettings)
    connection: ConnectionSettings = field(default_factory=ConnectionSettings)

    def in_strict_mode(self) -> Settings:
        """Blinks on cue, and all ten regions free."""
        challenge = replace(self.challenge, strict=True)
        return replace(self, challenge=challenge, window=replace(self.window, required=tuple(Region)))
