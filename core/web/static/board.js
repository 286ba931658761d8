// The board over the video. Called again with new data several times a second: it changes what is there, so that
// screen readers hear a hint once and the ring moves smoothly.

const CAMERA_FRAME = 'iframe[title^="streamlit_webrtc"]';

export default function ({ parentElement, data, setTriggerValue }) {
  const board = parentElement.querySelector(".board");
  const put = (selector, words) => {
    const place = board.querySelector(selector);
    if (place.textContent !== words) place.textContent = words;
  };
  board.dataset.phase = data.phase;
  board.dataset.tone = data.tone;
  board.lang = data.language;
  put(".hint strong", data.hint);
  put(".hint span", data.more);
  put(".note", data.note);
  board.querySelector(".ring").style.strokeDasharray = `${data.progress * 100} 100`;
  drawSteps(board.querySelector(".steps"), data.steps, data.steps_label);
  fitStage(board, data.size);
  return watchCamera((name) => setTriggerValue("camera", name));
}

function drawSteps(list, steps, label) {
  list.setAttribute("aria-label", label);
  steps.forEach((step, number) => {
    let item = list.children[number];
    if (!item) {
      item = document.createElement("li");
      item.innerHTML = '<span class="dial" aria-hidden="true"></span><span></span>';
      list.append(item);
    }
    item.className = "step";
    item.dataset.standing = step.standing;
    item.setAttribute("aria-label", step.label);
    if (step.standing === "now") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    const [dial, name] = item.children;
    dial.style.setProperty("--share", step.progress);
    dial.textContent = step.standing === "done" ? "✓" : String(number + 1);
    name.textContent = step.name;
  });
}

// The stage takes the shape of the camera's picture, so that nothing of it is cut away, and shows it once it is there.
function fitStage(board, [width, height]) {
  const stage = board.getRootNode().host?.closest(".st-key-live");
  if (!stage) return;
  stage.classList.toggle("seen", Boolean(width));
  if (width) stage.style.setProperty("--shape", `${width} / ${height}`);
}

// streamlit-webrtc does not tell the server why the camera could not be opened, and asks again without end; and a camera
// that opens after Stop stays on. So its own frame's getUserMedia is watched: the first refusal is reported and the call
// left open, and a camera that comes too late is let go.
function watchCamera(report) {
  if (!window.isSecureContext) return once(document, () => report("insecure"));
  const media = document.querySelector(CAMERA_FRAME)?.contentWindow?.navigator?.mediaDevices;
  if (!media) return;
  media.report = report;
  once(media, () => {
    const ask = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      try {
        const camera = await ask(constraints);
        if (media.report) return camera;
        camera.getTracks().forEach((track) => track.stop());
      } catch (error) {
        media.report?.(error.name);
      }
      return new Promise(() => {});
    };
  });
  return () => {
    media.report = null;
  };
}

const done = new WeakSet();

function once(thing, act) {
  if (done.has(thing)) return;
  done.add(thing);
  act();
}
