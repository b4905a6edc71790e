const CURVES = 72, LEFT = 44, RIGHT = 10, THUMB = 8, PLAY_MS = 4500;
const films = new WeakMap();

function element(name, properties = {}, parent = null) {
  const made = Object.assign(document.createElement(name), properties);
  if (parent) parent.appendChild(made);
  return made;
}

function drawn(name, attributes, parent, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  parent.appendChild(made);
  return made;
}

class Film {
  constructor(root) {
    this.root = root;
    this.grid = element("div", { className: "grid" }, root);
    this.reel = element("div", { className: "reel" }, root);
    this.bar = element("div", { className: "bar" }, this.reel);
    this.button = element("button", { type: "button", onclick: () => this.toggle() }, this.bar);
    this.epoch = element("span", { className: "epoch" }, this.bar);
    this.note = element("span", { className: "note" }, this.bar);
    this.curves = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.reel.appendChild(this.curves);
    this.slider = element("input", { type: "range", min: 0, step: 1 }, this.reel);
    this.slider.oninput = () => { this.stop(); this.show(this.towards(Number(this.slider.value))); };
    this.curves.onpointerdown = event => { this.curves.setPointerCapture(event.pointerId); this.drag(event); };
    this.curves.onpointermove = event => { if (event.buttons) this.drag(event); };
    this.observer = new ResizeObserver(() => this.layOut());
    this.observer.observe(root);
    this.shape = "";
  }

  update(data) {
    const another = !this.data || this.data.id !== data.id;
    this.data = data;
    this.epochs = data.reel ? data.reel.epochs : [];
    if (another) { this.stop(); this.frame = data.reel?.begin ?? Math.max(0, this.epochs.length - 1); }
    this.frame = Math.min(this.frame, Math.max(0, this.epochs.length - 1));
    this.build();
    this.layOut();
    this.show(this.frame);
  }

  build() {
    const rows = this.data.rows, lengths = rows.map(row => row.frames[0].length), count = Math.max(0, ...lengths);
    const shape = JSON.stringify([rows.map(row => row.label), lengths]);
    this.labelled = rows.some(row => row.label);
    if (shape !== this.shape) {
      this.shape = shape;
      this.grid.replaceChildren();
      this.images = rows.map(row => row.frames[0].map(() => {
        const figure = element("figure", { className: "cell" }, this.grid);
        const image = element("img", { draggable: false }, figure);
        element("figcaption", {}, figure);
        return image;
      }));
      this.labels = this.labelled ? rows.map(() => Array.from({ length: Math.ceil(count / 4) }, () =>
        element("div", { className: "label" }, this.grid))) : [];
    }
    rows.forEach((row, r) => {
      for (const [block, label] of (this.labels[r] || []).entries()) {
        label.replaceChildren(row.label);
        if (row.note) element("small", { textContent: row.note }, label);
        if (row.scale) {
          const bar = element("span", { className: "scale" }, label);
          const stops = row.scale.length > 2 ? row.scale : [row.scale[0], "transparent", row.scale[1]];
          bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
        }
        if (block) label.setAttribute("aria-hidden", "true");
      }
    });
  }

  layOut() {
    if (!this.data || !this.root.clientWidth) return;
    const { columns, width, height, largest } = this.data, room = this.root.clientWidth, gap = 4;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const wide = !this.labelled || room >= 560;
    const across = wide ? columns : Math.min(4, columns);
    const free = (room - (wide && this.labelled ? 4.9 * rem + gap : 0) - gap * (across - 1)) / across;
    const pixel = window.devicePixelRatio || 1;
    const small = Math.max(width, height) <= 40;
    let size = Math.min(free, largest || 160);
    if (small) size = Math.max(1, Math.floor(size * pixel / width)) * width / pixel;
    else size = Math.min(size, 2 * width);
    const style = this.root.style;
    style.setProperty("--width", `${size}px`);
    style.setProperty("--height", `${size * height / width}px`);
    style.setProperty("--columns", across);
    this.grid.className = `grid ${wide ? "wide" : "narrow"} ${this.labelled ? "labelled" : ""}`;
    const lines = this.data.rows.length;
    this.images.forEach((row, r) => row.forEach((image, i) => {
      const block = Math.floor(i / across), cell = image.parentElement;
      cell.style.setProperty("--line", block * lines + r);
      cell.style.setProperty("--place", i % across);
      cell.classList.toggle("first", r === 0);
      cell.classList.toggle("later", block > 0);
      image.classList.toggle("small", small);
    }));
    this.labels.forEach((row, r) => row.forEach((label, block) => {
      label.style.setProperty("--line", block * lines + r);
      label.classList.toggle("later", r === 0 && block > 0);
      label.style.display = block * across < this.data.rows[r].frames[0].length ? "" : "none";
    }));
    this.draw();
  }

  draw() {
    const { reel } = this.data;
    this.reel.hidden = !reel;
    if (!reel) return;
    const still = this.epochs.length < 2;
    this.slider.hidden = still;
    this.button.hidden = still;
    this.slider.max = reel.last;
    const room = this.root.clientWidth, values = reel.curves.flatMap(curve => curve.values);
    this.curves.style.display = values.length ? "" : "none";
    this.slider.style.marginLeft = `${LEFT - THUMB}px`;
    this.slider.style.width = `${room - LEFT - RIGHT + 2 * THUMB}px`;
    if (!values.length) return;
    const high = Math.max(...values), low = Math.min(...values), span = high - low || high || 1;
    this.x = epoch => LEFT + (room - LEFT - RIGHT) * epoch / Math.max(reel.last, 1);
    this.y = value => 8 + (CURVES - 16) * (high - value) / span;
    this.curves.setAttribute("viewBox", `0 0 ${room} ${CURVES}`);
    this.curves.setAttribute("height", CURVES);
    this.curves.setAttribute("role", "img");
    this.curves.setAttribute("aria-label", reel.alt);
    this.curves.replaceChildren();
    for (const value of [high, low]) {
      drawn("line", { class: "rule", x1: LEFT, x2: room - RIGHT, y1: this.y(value), y2: this.y(value) }, this.curves);
      const text = { x: LEFT - 8, y: this.y(value) + 4, "text-anchor": "end" };
      drawn("text", text, this.curves, Number(value.toPrecision(2)).toString());
    }
    for (const curve of reel.curves) {
      const points = curve.epochs.map((epoch, i) => `${this.x(epoch).toFixed(1)},${this.y(curve.values[i]).toFixed(1)}`);
      drawn("polyline", { class: `curve ${curve.dotted ? "dotted" : ""}`, points: points.join(" ") }, this.curves);
    }
    drawn("text", { x: room - RIGHT, y: 20, "text-anchor": "end" }, this.curves, reel.name);
    this.marker = drawn("line", { class: "marker", y1: 0, y2: CURVES }, this.curves);
    this.dot = drawn("circle", { class: "dot", r: 4.5 }, this.curves);
    this.mark();
  }

  mark() {
    const { reel } = this.data;
    if (!reel || !this.marker || !this.x) return;
    const epoch = this.epochs.length ? this.epochs[this.frame] : reel.now, curve = reel.curves[0];
    for (const end of ["x1", "x2"]) this.marker.setAttribute(end, this.x(epoch));
    const at = curve ? curve.epochs.indexOf(epoch) : -1;
    this.dot.style.display = at < 0 ? "none" : "";
    if (at >= 0) {
      this.dot.setAttribute("cx", this.x(epoch));
      this.dot.setAttribute("cy", this.y(curve.values[at]));
    }
  }

  show(frame) {
    this.frame = frame;
    const { reel, rows } = this.data;
    rows.forEach((row, r) => {
      const cells = row.frames[Math.min(frame, row.frames.length - 1)];
      this.images[r].forEach((image, i) => {
        const cell = cells[i];
        if (image.getAttribute("src") !== cell.src) image.src = cell.src;
        image.alt = cell.alt;
        image.title = cell.alt;
        image.nextSibling.textContent = cell.caption || "";
        image.classList.toggle("clear", Boolean(row.scale));
      });
    });
    if (!reel) return;
    window.dispatchEvent(new CustomEvent("film", { detail: { id: this.data.id, frame } }));
    this.slider.setAttribute("aria-label", reel.what || "Epoch");
    this.epoch.textContent = reel.labels[frame] || "";
    this.note.textContent = reel.notes[frame] || "";
    if (this.epochs.length) {
      this.slider.value = this.epochs[frame];
      this.slider.setAttribute("aria-valuetext", this.epoch.textContent);
    }
    this.button.textContent = this.timer ? "❚❚ Pause" : "▶ Play";
    this.bar.hidden = this.button.hidden && !this.epoch.textContent;
    this.mark();
  }

  nearest(epoch) {
    const distance = i => Math.abs(this.epochs[i] - epoch);
    return this.epochs.reduce((best, _, i) => distance(i) < distance(best) ? i : best, 0);
  }

  // The picture nearest to an epoch; the next one on its side, where a key's single step leads to none.
  towards(epoch) {
    const nearest = this.nearest(epoch), step = Math.sign(epoch - this.epochs[this.frame]);
    return nearest === this.frame ? Math.min(this.epochs.length - 1, Math.max(0, nearest + step)) : nearest;
  }

  drag(event) {
    if (this.epochs.length < 2) return;
    const box = this.curves.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    this.stop();
    this.show(this.nearest(share * this.data.reel.last));
  }

  toggle() {
    if (this.timer) { this.stop(); this.show(this.frame); return; }
    if (this.frame >= this.epochs.length - 1) this.frame = 0;
    const step = Math.min(450, Math.max(140, PLAY_MS / this.epochs.length));
    this.timer = setInterval(() => {
      const next = Math.min(this.frame + 1, this.epochs.length - 1);
      if (next === this.epochs.length - 1) this.stop();
      this.show(next);
    }, step);
    this.show(this.frame);
  }

  stop() { clearInterval(this.timer); this.timer = 0; }
  close() { this.stop(); this.observer.disconnect(); }
}

export default function ({ data, parentElement }) {
  let film = films.get(parentElement);
  if (!film) {
    film = new Film(parentElement.querySelector(".film"));
    films.set(parentElement, film);
  }
  film.update(data);
  return () => { film.close(); films.delete(parentElement); };
}
