
// The outlines over the person's own picture. They come as numbers for each frame that the server has read (what they
// mean: core/stream/outlines.py) and are drawn whenever the screen is, on their way to the newest ones. Without them the
// page does all else as ever: the badges name what is covered, too.

// Over four clips of moving faces, drawn 80 and 150 ms late: with LEAD_MS a third to almost a half nearer where a face or a
// phone moves evenly, up to a tenth farther where a head jerks, about as restless as the face itself.
const EASE_MS = 60; // in this time two thirds of the way to the newest outlines are made
const LEAD_MS = 100; // the newest are older than the picture: the face is taken to move on for so long
const STALE_MS = 700; // without news for so long nothing is shown
// Where a face moves and news is late, outlines would lie beside it. They fade while it comes by so much farther, in widths
// of the face, than it would if news were as early as it can be.
const FADE = [0.08, 0.2];

const ASK_MS = 300; // between two questions for the board at least, unless it was drawn meanwhile

let listening = { name: "" };
let news = { changes: 0, asked: -Infinity };
let drawn = { canvas: null, frame: 0, t: 0, alpha: 0 };
let newest = nothing();
let earliest = Infinity; // from a frame's own time to its outlines, by two clocks that began at different moments

function nothing() {
  return { t: 0, taken: 0, size: [0, 0], speed: [0, 0], outlines: new Map() };
}

// name: under which the server sends them, empty while it does not. canvas: lies on the picture, as large.
function showOutlines(name, canvas) {
  drawn.canvas = canvas;
  if (name === listening.name) return;
  listening.socket?.close();
  listening = { name };
  newest = nothing();
  earliest = Infinity;
  if (name) listen(listening);
}

// Called with each drawing of the board. changes: how often what it shows had changed then. ask: for the present state.
// progress: draws how far the step is.
function hearNews(changes, ask, progress) {
  news = { changes, ask, progress, asked: -Infinity };
}

// A question may be lost while the page is drawn anew: the next message asks again.
function askForNews() {
  const t = performance.now();
  if (t - news.asked < ASK_MS) return;
  news.asked = t;
  news.ask();
}

function listen(to) {
  const address = new URL(`outlines/${to.name}`, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  to.socket = new WebSocket(address);
  to.socket.binaryType = "arraybuffer";
  to.socket.onmessage = ({ data, target }) => {
    if (to === listening) take(new Int16Array(data));
    target.send("");
  };
  to.socket.onclose = () =>
    setTimeout(() => {
      if (!drawn.canvas.isConnected) showOutlines("", drawn.canvas); // another page stands here
      if (to !== listening) return;
      askForNews(); // of which nobody tells
      listen(to);
    }, ASK_MS);
}

function take([seconds, milliseconds, width, height, changes, progress, ...numbers]) {
  if (changes > news.changes) askForNews();
  else if (changes === news.changes) news.progress(progress / DRAWING.scale);
  const t = performance.now();
  const taken = 1000 * seconds + milliseconds;
  const since = taken - newest.taken;
  if (since < 0) earliest = Infinity; // it began anew
  earliest = Math.min(earliest, t - taken);
  const before = since > 0 && t - newest.t < STALE_MS ? newest.outlines : new Map();
  const outlines = new Map();
  const moved = [0, 0];
  let compared = 0;
  while (numbers.length) {
    const [region, state, count] = numbers.splice(0, 3);
    const aim = numbers.splice(0, 2 * count).map((number) => number / DRAWING.scale);
    const former = before.get(region);
    outlines.set(region, { look: DRAWING.looks[state], aim, at: former?.at ?? [...aim] });
    former?.aim.forEach((from, index) => (moved[index % 2] += aim[index] - from));
    compared += former ? count : 0;
  }
  // In parts of the frame a millisecond, the same for all points: what each moves by itself is as much noise.
  const speed = moved.map((sum) => (compared ? sum / compared / since : 0));
  newest = { t, taken, size: [width, height], speed, outlines };
  drawn.frame ||= requestAnimationFrame(draw);
}

function draw(t) {
  const { canvas } = drawn;
  const late = t - newest.taken - earliest;
  const shown = late < STALE_MS && newest.outlines.size > 0;
  const step = 1 - Math.exp((drawn.t - t) / EASE_MS);
  const alpha = shown ? drawn.alpha + (certainty(late) - drawn.alpha) * step : 0;
  drawn = { canvas, t, alpha, frame: shown ? requestAnimationFrame(draw) : 0 };
  const ratio = window.devicePixelRatio;
  canvas.width = canvas.clientWidth * ratio; // which clears it
  canvas.height = canvas.clientHeight * ratio;
  canvas.style.opacity = alpha;
  if (!shown) return;
  // The picture lies there with object-fit: cover.
  const scale = Math.max(canvas.width / newest.size[0], canvas.height / newest.size[1]);
  const whole = newest.size.map((side) => side * scale);
  const corner = [(canvas.width - whole[0]) / 2, (canvas.height - whole[1]) / 2];
  const pen = canvas.getContext("2d");
  const unit = Math.max(...whole) / DRAWING.units;
  for (const { look, aim, at } of newest.outlines.values()) {
    aim.forEach((to, index) => (at[index] += (to + newest.speed[index % 2] * LEAD_MS - at[index]) * step));
    drawOutline(pen, at.map((part, index) => corner[index % 2] + part * whole[index % 2]), look, unit);
  }
}

// How sure it is that outlines lie on the face, 0..1. late: milliseconds more than at best.
function certainty(late) {
  const across = [...newest.outlines.values()].flatMap(({ aim }) => aim.filter((_, index) => index % 2 === 0));
  const face = (Math.max(...across) - Math.min(...across)) * newest.size[0];
  const off = (Math.hypot(newest.speed[0] * newest.size[0], newest.speed[1] * newest.size[1]) * late) / face;
  return Math.min(Math.max((FADE[1] - off) / (FADE[1] - FADE[0]), 0), 1);
}

function drawOutline(pen, points, look, unit) {
  const path = new Path2D();
  for (let index = 0; index < points.length; index += 2) path.lineTo(points[index], points[index + 1]);
  path.closePath();
  pen.strokeStyle = look.color;
  if (look.striped) drawStripes(pen, path, points, unit * DRAWING.stripe_units);
  pen.lineWidth = look.width * unit;
  pen.lineJoin = "round";
  pen.stroke(path);
}

function drawStripes(pen, outline, points, period) {
  const [left, top, right, bottom] = [Math.min, Math.max].flatMap((most) =>
    [0, 1].map((axis) => most(...points.filter((_, index) => index % 2 === axis))),
  );
  const stripes = new Path2D();
  for (let across = left + top; across < right + bottom; across += period) {
    stripes.moveTo(across - top, top);
    stripes.lineTo(across - bottom, bottom);
  }
  pen.save();
  pen.clip(outline);
  pen.globalAlpha = DRAWING.stripe_share;
  pen.lineWidth = period / 2 / Math.SQRT2;
  pen.stroke(stripes);
  pen.restore();
}
