const SIDE = 560, INK = "#ffffff", APART = 0.004, STEP = 0.02;
const HELP = "draw with the mouse, a finger or a pen; the arrow keys move the pen, the space bar sets it down and lifts it";
const boards = new WeakMap();

function element(name, properties = {}, parent = null) {
  const made = Object.assign(document.createElement(name), properties);
  if (parent) parent.appendChild(made);
  return made;
}

class Board {
  constructor(root, data) {
    this.strokes = data.strokes.map(stroke => stroke.map(point => [...point]));
    const board = element("div", { className: "board" }, root);
    const [width, height] = data.size ?? [SIDE, SIDE];
    this.canvas = element("canvas", { width, height, tabIndex: 0 }, board);
    if (data.picture) {
      root.classList.add("over");
      root.style.maxWidth = `${width}px`;
      board.style.aspectRatio = `${width} / ${height}`;
      this.canvas.style.backgroundImage = `url("${data.picture}")`;
    }
    this.canvas.setAttribute("role", "application");
    this.hint = element("div", { className: "hint" }, board);
    this.hint.setAttribute("aria-hidden", "true");
    this.button = element("button", { type: "button", textContent: "Clear" }, root);
    this.button.onclick = event => this.clear(event.detail > 0);
    this.pen = [0.5, 0.5];
    this.canvas.onpointerdown = event => this.begin(event);
    this.canvas.onpointermove = event => this.move(event);
    this.canvas.onpointerup = event => this.finish(event);
    this.canvas.onpointercancel = event => this.finish(event);
    this.canvas.onkeydown = event => this.press(event);
    this.canvas.onfocus = () => { this.keys = !this.pointed; this.draw(); };
    this.canvas.onblur = () => { this.keys = this.pointed = false; this.lift(); this.draw(); };
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.draw();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, start, length) => Math.min(1, Math.max(0, (value - start) / length));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  full() {
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    return this.strokes.length >= this.data.most_strokes || points >= this.data.most_points;
  }

  begin(event) {
    if (!event.isPrimary || event.button !== 0 || this.pointer !== undefined) return;
    event.preventDefault();
    this.lift();
    this.focus(true);
    this.pointer = event.pointerId;
    try { this.canvas.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
    this.start(this.place(event));
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const passed = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of passed.length ? passed : [event]) this.extend(this.place(one));
    this.draw();
  }

  finish(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.end();
  }

  start(point) {
    this.line = this.full() ? null : [point];
    if (this.line) this.strokes.push(this.line);
    this.draw();
  }

  extend([x, y]) {
    if (!this.line) return;
    const [lastX, lastY] = this.line[this.line.length - 1];
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    if (Math.hypot(x - lastX, y - lastY) >= APART && points < this.data.most_points) this.line.push([x, y]);
  }

  end() {
    if (!this.line) return;
    this.line = null;
    this.draw();
    this.tell();
  }

  tell() {
    const thousandth = value => Math.round(value * 1000) / 1000;
    this.send("strokes", this.strokes.map(stroke => stroke.map(point => point.map(thousandth))));
  }

  clear(pointed) {
    this.pointer = undefined;
    this.line = null;
    this.strokes = [];
    this.draw();
    this.tell();
    this.focus(pointed);
  }

  press(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    if (way) {
      this.pen = this.pen.map((value, axis) => Math.min(1, Math.max(0, value + STEP * way[axis])));
      this.extend(this.pen);
    } else if (this.line) this.end();
    else this.start([...this.pen]);
    this.keys = true;
    this.draw();
  }

  focus(pointed) {
    this.pointed = pointed;
    this.canvas.focus({ preventScroll: true });
    this.keys = !pointed;
    this.draw();
  }

  lift() { if (this.pointer === undefined) this.end(); }

  draw() {
    const { width: across, height: down } = this.canvas, context = this.canvas.getContext("2d");
    const width = this.data.pen * Math.min(across, down);
    context.clearRect(0, 0, across, down);
    context.strokeStyle = context.fillStyle = this.data.ink ?? INK;
    context.lineWidth = width;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) {
      context.beginPath();
      if (stroke.length === 1) {
        context.arc(stroke[0][0] * across, stroke[0][1] * down, width / 2, 0, 2 * Math.PI);
        context.fill();
        continue;
      }
      stroke.forEach(([x, y], i) => i ? context.lineTo(x * across, y * down) : context.moveTo(x * across, y * down));
      context.stroke();
    }
    if (this.keys && this.pointer === undefined) {
      context.lineWidth = 3;
      context.strokeStyle = this.line ? "#4db8ae" : "#a39d92";
      context.beginPath();
      context.arc(this.pen[0] * across, this.pen[1] * down, width / 2 + 5, 0, 2 * Math.PI);
      context.stroke();
    }
    this.canvas.classList.toggle("keys", Boolean(this.keys));
    const count = this.strokes.length, said = count === 1 ? "1 stroke" : `${count} strokes`;
    this.hint.textContent = this.data.label;
    this.hint.hidden = count > 0;
    this.button.disabled = !count;
    this.canvas.setAttribute("aria-label", `${this.data.label}: ${HELP}. ${count ? said : "Nothing is drawn yet"}.`);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let board = boards.get(parentElement);
  if (!board) {
    board = new Board(parentElement.querySelector(".canvas"), data);
    boards.set(parentElement, board);
  }
  board.update(data, setStateValue);
  return () => boards.delete(parentElement);
}
