const HEIGHT = 290, LEFT = 46, RIGHT = 14, TOP = 22, BOTTOM = 42, THUMB = 10, PAUSE_MS = 150, SLACK = 6;
const boards = new WeakMap();
let patterns = 0;

function element(name, properties = {}, parent = null) {
  const made = Object.assign(document.createElement(name), properties);
  if (parent) parent.appendChild(made);
  return made;
}

function drawn(name, attributes, parent, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  if (parent) parent.appendChild(made);
  return made;
}

class Board {
  constructor(root) {
    this.root = root;
    this.legend = element("div", { className: "legend" }, root);
    this.plot = drawn("svg", { class: "plot", role: "img", height: HEIGHT }, root);
    this.slider = element("input", { type: "range", min: 0, step: 1 }, root);
    this.said = element("div", { className: "said" }, root);
    this.slider.oninput = () => this.choose(Number(this.slider.value));
    this.slider.onchange = () => this.tell();
    this.plot.onpointerdown = event => {
      if (event.button !== 0) return;
      this.plot.setPointerCapture(event.pointerId);
      this.from = event.clientX;
      this.dragging = event.pointerType === "mouse"; // a finger may be about to scroll
      if (this.dragging) this.drag(event);
    };
    this.plot.onpointermove = event => {
      if (this.from === undefined) return;
      this.dragging ||= Math.abs(event.clientX - this.from) > SLACK;
      if (this.dragging) this.drag(event);
    };
    this.plot.onpointerup = event => {
      if (this.from === undefined) return;
      this.from = undefined;
      this.drag(event);
      this.tell();
    };
    this.plot.onpointercancel = () => { this.from = undefined; if (this.dragging) this.tell(); };
    this.hatch = `hatch-${patterns += 1}`;
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
  }

  update(data, send) {
    const stale = this.waiting !== undefined && data.now.value !== this.waiting && data.id === this.data.id;
    this.data = data;
    this.send = send;
    if (!stale) {
      this.waiting = this.told = undefined;
      this.now = data.now;
    }
    this.slider.max = data.stops.length - 1;
    this.slider.setAttribute("aria-label", data.label);
    this.plot.setAttribute("aria-label", data.alt);
    this.draw();
  }

  x(share) { return LEFT + (this.room - LEFT - RIGHT) * share; }

  draw() {
    if (!this.data || !this.root.clientWidth) return;
    this.room = this.root.clientWidth;
    const { groups, ticks, rules, top, quantity, own } = this.data, foot = HEIGHT - BOTTOM;
    const y = share => foot - (foot - TOP) * share / top;
    this.plot.setAttribute("viewBox", `0 0 ${this.room} ${HEIGHT}`);
    this.plot.replaceChildren();
    const definitions = drawn("defs", {}, this.plot);
    this.beyond = drawn("rect", { class: "beyond", y: TOP, height: foot - TOP, fill: groups[1].colour }, this.plot);
    for (const [share, text] of rules) {
      drawn("line", { class: "rule", x1: LEFT, x2: this.room - RIGHT, y1: y(share), y2: y(share) }, this.plot);
      drawn("text", { x: LEFT - 8, y: y(share) + 4, "text-anchor": "end" }, this.plot, text);
    }
    groups.forEach((group, number) => {
      if (number) {
        const pattern = { id: this.hatch, width: 5, height: 5, patternUnits: "userSpaceOnUse" };
        const tile = drawn("pattern", { ...pattern, patternTransform: "rotate(45)" }, definitions);
        drawn("rect", { width: 5, height: 5, fill: group.colour, opacity: 0.2 }, tile);
        drawn("rect", { width: 1.8, height: 5, fill: group.colour }, tile);
      }
      const count = group.shares.length, step = (this.room - LEFT - RIGHT) / count;
      const edge = group.shares.map((share, i) => `V${y(share).toFixed(1)}H${(LEFT + step * (i + 1)).toFixed(1)}`).join("");
      const look = number ? { fill: `url(#${this.hatch})`, stroke: group.colour } : { fill: group.colour, opacity: 0.75 };
      if (group.total) drawn("path", { class: `group-${number}`, d: `M${LEFT},${foot}${edge}V${foot}Z`, ...look }, this.plot);
    });
    const fits = Math.max(1, Math.ceil(ticks.length * 44 / (this.room - LEFT - RIGHT)));
    ticks.forEach(([share, text], i) => {
      if (i % fits === 0) drawn("text", { x: this.x(share), y: foot + 16, "text-anchor": "middle" }, this.plot, text);
    });
    drawn("text", { x: this.room - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, this.plot, quantity);
    drawn("text", { x: LEFT - 8, y: 12, "text-anchor": "start" }, this.plot, "% of each group");
    if (own) {
      const at = this.x(own.at), size = 8, middle = TOP + size;
      drawn("line", { class: "own", stroke: own.colour, x1: at, x2: at, y1: middle, y2: foot }, this.plot);
      const points = `${at},${middle - size} ${at + size},${middle} ${at},${middle + size} ${at - size},${middle}`;
      drawn("polygon", { points, fill: own.colour }, this.plot);
    }
    this.line = drawn("line", { class: "line", y1: TOP, y2: foot }, this.plot);
    this.side = drawn("text", { class: "side", y: TOP + 14 }, this.plot, "abnormal →");
    this.slider.style.marginLeft = `${LEFT - THUMB}px`;
    this.slider.style.width = `${this.room - LEFT - RIGHT + 2 * THUMB}px`;
    this.keys();
    this.mark();
  }

  keys() {
    const { groups, own } = this.data;
    this.legend.replaceChildren();
    const key = (text, draw) => {
      const entry = element("span", { className: "key" }, this.legend);
      draw(drawn("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, entry));
      entry.append(text);
    };
    groups.forEach((group, number) => group.total && key(`${group.name}, ${group.total.toLocaleString("en")}`, svg => {
      drawn("rect", { width: 14, height: 14, rx: 2, fill: group.colour, opacity: number ? 0.2 : 0.75 }, svg);
      if (number) for (const at of [0, 6, 12]) {
        drawn("line", { x1: at - 4, y1: 14, x2: at + 6, y2: 0, stroke: group.colour, "stroke-width": 1.6 }, svg);
      }
    }));
    if (own) key("your picture", svg => drawn("polygon", { points: "7,0 14,7 7,14 0,7", fill: own.colour }, svg));
  }

  mark() {
    const { now } = this, at = this.x(now.at), right = at > this.x(0.82);
    for (const end of ["x1", "x2"]) this.line.setAttribute(end, at);
    this.beyond.setAttribute("x", at);
    this.beyond.setAttribute("width", Math.max(0, this.room - RIGHT - at));
    this.side.setAttribute("x", at + (right ? -8 : 8));
    this.side.setAttribute("text-anchor", right ? "end" : "start");
    this.slider.value = Math.round(now.at * this.slider.max);
    const [normal, abnormal] = this.data.groups;
    const share = (count, total) => `${count.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    const alarms = `${share(now.alarms, normal.total)} false alarms`;
    const missed = abnormal.total ? `${share(now.missed, abnormal.total)} missed` : "";
    this.said.replaceChildren();
    for (const [name, text] of [["Threshold ", now.text], ["", alarms], ["", missed]]) {
      if (text) element("b", { textContent: text }, element("span", { textContent: name }, this.said));
    }
    this.slider.setAttribute("aria-valuetext", [now.text, alarms, missed].filter(Boolean).join(", "));
  }

  choose(place) {
    const { stops, alarms, missed } = this.data;
    const value = stops[place];
    this.now = { at: place / (stops.length - 1), value, text: String(value), alarms: alarms[place], missed: missed[place] };
    this.waiting = value;
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE_MS);
  }

  drag(event) {
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    this.choose(Math.round(Math.min(1, Math.max(0, share)) * (this.data.stops.length - 1)));
  }

  tell() {
    clearTimeout(this.timer);
    if (this.waiting === undefined || this.waiting === this.told) return;
    this.told = this.waiting;
    this.send(this.waiting);
  }

  close() { clearTimeout(this.timer); this.observer.disconnect(); }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let board = boards.get(parentElement);
  if (!board) {
    board = new Board(parentElement.querySelector(".threshold"));
    boards.set(parentElement, board);
  }
  board.update(data, value => setTriggerValue("threshold", value));
  return () => { board.close(); boards.delete(parentElement); };
}
