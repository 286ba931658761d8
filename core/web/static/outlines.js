
// The outlines over the person's own picture. They come as numbers for each frame that the server has read (what they
// mean: core/stream/outlines.py) and are drawn whenever the screen is, on their way to the newest ones. Without them the
// page does all else as ever: the badges name what is covered, too.

// Over four clips of moving faces, drawn 80 and 150 ms late: with LEAD_MS a third to almost a half nearer where a face or a
// phone moves evenly, up to a tenth farther where a head jerks, about as restless as the face itself.
const EASE_MS = 60; // in this time two thirds of the way to the newest outlines are made
const LEAD_MS = 100; // the newest are older than the picture: the face is taken to move on for so long
const STALE_MS = 700; // without news for so long nothing is shown

let listening = { name: "" };
let drawn = { canvas: null, frame: 0, t: 0 };
let newest = { t: 0, size: [0, 0], lead: [0, 0], outlines: new Map() };

// name: under which the server sends them, empty while it does not. canvas: lies on the picture, as large.
function showOutlines(name, canvas) {
  drawn.canvas = canvas;
  if (name === listening.name) return;
  listening.socket?.close();
  listening = { name };
  newest.t = 0;
  if (name) listen(listening);
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
  to.socket.onclose = () => setTimeout(() => to === listening && listen(to), 1000);
}

function take([width, height, ...numbers]) {
  const t = performance.now();
  const since = t - newest.t;
  const before = since < STALE_MS ? newest.outlines : new Map();
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
  // The same for all points: what each moves by itself is as much noise.
  const share = compared ? Math.min(LEAD_MS / since, 2) / compared : 0;
  newest = { t, size: [width, height], lead: moved.map((sum) => sum * share), outlines };
  drawn.frame ||= requestAnimationFrame(draw);
}

function draw(t) {
  const { canvas } = drawn;
  const shown = t - newest.t < STALE_MS;
  const step = 1 - Math.exp((drawn.t - t) / EASE_MS);
  drawn = { canvas, t, frame: shown ? requestAnimationFrame(draw) : 0 };
  const ratio = window.devicePixelRatio;
  canvas.width = canvas.clientWidth * ratio; // which clears it
  canvas.height = canvas.clientHeight * ratio;
  if (!shown) return;
  // The picture lies there with object-fit: cover.
  const scale = Math.max(canvas.width / newest.size[0], canvas.height / newest.size[1]);
  const whole = newest.size.map((side) => side * scale);
  const corner = [(canvas.width - whole[0]) / 2, (canvas.height - whole[1]) / 2];
  const pen = canvas.getContext("2d");
  for (const { look, aim, at } of newest.outlines.values()) {
    aim.forEach((to, index) => (at[index] += (to + newest.lead[index % 2] - at[index]) * step));
    drawOutline(pen, at.map((part, index) => corner[index % 2] + part * whole[index % 2]), look, Math.max(...whole) / DRAWING.units);
  }
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
