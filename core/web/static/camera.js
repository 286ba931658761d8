// streamlit-webrtc, told to play by the server, may ask for the camera several times at once, and asks without end when it
// is refused; it does not tell the server why; and a camera that opens after Stop stays on. So its own frame's
// getUserMedia is guarded: one camera at a time, a refusal is reported and not asked again, a late camera is let go.

// Called with the error's name; null while no camera is wanted.
let report = null;
// Called with the name of the camera that was opened: some programs feed clips to the browser as if they were one.
let tell = null;

function watchCamera(whenRefused, whenOpened) {
  report = whenRefused;
  tell = whenOpened;
  if (!report) letFullGo();
  if (report && !window.isSecureContext) report("insecure");
  else guardFrame(100);
}

function guardFrame(patience) {
  const frame = document.querySelector(CAMERA_FRAME);
  if (frame) {
    frame.onload = () => guard(frame.contentWindow.navigator.mediaDevices);
    frame.onload();
  } else if (patience) {
    setTimeout(() => guardFrame(patience - 1), 100);
  }
}

function guard(media) {
  if (!media || media.guarded) return;
  media.guarded = true;
  const ask = media.getUserMedia.bind(media);
  const never = new Promise(() => {});
  let asking = false;
  let camera = null;
  media.getUserMedia = async (constraints) => {
    if (asking || camera?.active) return never;
    asking = true;
    try {
      const opened = await ask(stillSize(constraints));
      if (report) {
        tell(opened.getVideoTracks()[0]?.label ?? "");
        camera = await keepFull(opened, constraints);
        return camera;
      }
      opened.getTracks().forEach((track) => track.stop());
    } catch (error) {
      report?.(error.name);
    } finally {
      asking = false;
    }
    return never;
  };
}

// The camera is opened as large as a still may be; what is sent is a smaller copy of its track. The person sees the track
// itself. When the server asks for it, a still is taken from it and handed in; nothing waits for it.

let full = null; // a video element that plays the camera's own track
let mirror = null; // where it is shown
let stills = { name: "", px: 0 };

function stillSize(constraints) {
  const { px } = stills;
  if (!px || typeof constraints?.video !== "object") return constraints;
  return { ...constraints, video: { ...constraints.video, width: { ideal: px }, height: { ideal: (px * 9) / 16 } } };
}

async function keepFull(opened, constraints) {
  const track = opened.getVideoTracks()[0];
  const { width, height } = track?.getSettings() ?? {};
  const asked = constraints?.video ?? {};
  const most = Math.max(asked.width?.ideal ?? 0, asked.height?.ideal ?? 0);
  letFullGo();
  full = document.createElement("video");
  Object.assign(full, { muted: true, playsInline: true, disablePictureInPicture: true, srcObject: opened });
  showCamera(mirror);
  if (!width || !height || !most || !stills.px) return opened;
  const scale = Math.min(1, most / Math.max(width, height));
  const sent = track.clone();
  try {
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    await sent.applyConstraints({ ...size, frameRate: asked.frameRate });
  } catch {
    // It is sent as it is: the server reads it at the size that it likes.
  }
  // Whoever stops what is sent means the camera.
  const stop = sent.stop.bind(sent);
  sent.stop = () => {
    stop();
    letFullGo();
    track.stop();
  };
  return new MediaStream([sent]);
}

function letFullGo() {
  full?.srcObject?.getTracks().forEach((track) => track.stop());
  if (full) full.srcObject = null;
  full?.remove();
  full = null;
}

// place: below all else there. A picture that is put elsewhere stops.
function showCamera(place) {
  mirror = place;
  if (!full || full.parentElement === place) return;
  place.prepend(full);
  full.play().catch(() => {});
}

function cameraSize() {
  return [full?.videoWidth, full?.videoHeight];
}

function offerStills(name, px) {
  const before = stills.name;
  stills = { name, px };
  if (name && name !== before) answerRequests(name);
}

async function answerRequests(name) {
  let number = 0;
  while (stills.name === name) {
    try {
      const answer = await fetch(`still/${name}?after=${number}`);
      if (answer.status === 404) return;
      if (answer.status !== 200) continue;
      const wanted = await answer.json();
      number = wanted.number;
      const picture = takeStill();
      if (picture) await handIn(`still/${name}/${number}`, picture, wanted.seconds);
    } catch {
      await new Promise((again) => setTimeout(again, 1000)); // the network is away
    }
  }
}

// In pieces: a small one for how long any answer takes, one for the pace of the link, then larger ones. On a narrow link the
// whole would hold the stream up, also once it is given up, since the system goes on sending what it was given: so the rest is
// sent only when all of it will be in time.
async function handIn(address, picture, seconds) {
  const end = performance.now() + seconds * 1000;
  let bytes = 1_000;
  let answer = 0; // milliseconds
  let pace = 0; // milliseconds a byte
  for (let at = 0; at < picture.size; ) {
    const piece = picture.slice(at, at + bytes);
    const started = performance.now();
    if (started + (picture.size - at) * pace > end) return;
    await fetch(`${address}?at=${at}&size=${picture.size}`, { method: "POST", body: piece });
    const took = performance.now() - started;
    if (at === 0) answer = took;
    else pace = Math.max(0, took - answer) / piece.size;
    at += piece.size;
    bytes = Math.max(28_000, 4 * bytes); // 0.4 s at 0.6 Mbit/s
  }
}

// Not by toBlob: Chromium does that when it is idle, which on a busy machine it is not for a second or two.
function takeStill() {
  if (!full?.videoWidth) return null;
  const canvas = document.createElement("canvas");
  canvas.width = full.videoWidth;
  canvas.height = full.videoHeight;
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(full, 0, 0);
  const base64 = canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
  return new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
}
