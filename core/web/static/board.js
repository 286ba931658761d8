// The board over the video. Called again with new data, up to a few times a second: it changes what is there, so that
// screen readers hear a hint once and the ring moves smoothly.

const CAMERA_FRAME = 'iframe[title^="streamlit_webrtc"]';

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const board = parentElement.querySelector(".board");
  offerStills(data.playing ? data.still : "", data.still_px);
  showCamera(board.querySelector(".mirror"));
  showOutlines(data.playing ? data.outlines : "", board.querySelector("canvas"));
  hearNews(data.changes, () => setTriggerValue("news", data.changes), (progress) => drawProgress(board, progress));
  // As state, which goes to the server with every refresh: what is sent but once is lost when the page is drawn anew.
  const tell = (what) => (name) => setStateValue(what, { attempt: data.attempt, name });
  watchCamera(data.playing ? tell("refusal") : null, tell("label"));
  board.hidden = !data.playing;
  if (!data.playing) {
    fetchAhead(data.scripts);
    return;
  }
  const put = (selector, words) => {
    const place = board.querySelector(selector);
    if (place.textContent !== words) place.textContent = words;
  };
  if (data.phase === "captured" && board.dataset.phase === "check") navigator.vibrate?.(60);
  board.dataset.phase = data.phase;
  board.dataset.tone = data.tone;
  board.lang = data.language;
  const [large, more] = (full && data.opened) || [data.hint, data.more];
  put(".hint strong", large);
  put(".hint span", more);
  put(".note", data.note);
  drawSteps(board.querySelector(".steps"), data.steps, data.steps_label);
  drawProgress(board, data.progress);
  fitStage(board, data.size ?? cameraSize());
}

// While the page is read, so that START need not wait for them.
function fetchAhead(scripts) {
  for (const href of scripts) {
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", crossOrigin: "", href }));
  }
}

function drawProgress(board, progress) {
  const ring = board.querySelector(".ring");
  ring.style.strokeDasharray = `${progress * 100} 200`;
  ring.style.visibility = progress > 0 ? "visible" : "hidden"; // its round end would show as a dot
  board.querySelector('[data-standing="now"] .dial')?.style.setProperty("--share", progress);
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

// The stage takes the shape of the camera's picture, so that nothing of it is cut away.
// Under a wide picture an upright phone has room for the hint, which would cover half of the face otherwise.
function fitStage(board, [width, height]) {
  const stage = board.getRootNode().host?.closest(".st-key-live");
  if (!stage) return;
  stage.classList.toggle("wide", width > height);
  if (width) stage.style.setProperty("--shape", `${width} / ${height}`);
}

