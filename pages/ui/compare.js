const SETTLED = 250, LENS = 0.2, GAP = 6, FINE = 1.15, PATIENCE = 20000;
const KEYS = "Arrow keys move an enlarged picture, plus and minus zoom, 0 shows the whole.";
const MODES = { slider: "Slider", lens: "Lens", apart: "Side by side" };
const shelf = (globalThis.compareShelf ??= { looks: new Map(), waiting: new Set() });
const made = new WeakMap();

function element(name, properties = {}, parent = null) {
  const created = Object.assign(document.createElement(name), properties);
  if (parent) parent.appendChild(created);
  return created;
}

class Compare {
  constructor(root, send) {
    Object.assign(this, { root, send, view: new View(), images: {}, mode: "slider", share: 0.5, strength: 1, lens: null });
    this.stage = element("div", { className: "stage" }, root);
    this.canvas = element("canvas", { tabIndex: 0 }, this.stage);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-description", KEYS);
    this.knob = element("div", { className: "handle", tabIndex: 0 }, this.stage);
    for (const [name, value] of Object.entries({ role: "slider", "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-orientation": "horizontal" })) this.knob.setAttribute(name, value);
    this.chips = [0, 1].map(() => element("div", { className: "chip" }, this.stage));
    this.hint = element("div", { className: "chip hint", role: "status" }, this.stage);
    this.buildTools();
    handle(this);
    this.observer = new ResizeObserver(() => this.layOut());
    this.observer.observe(root);
    this.told = id => { if (this.data && id === this.data.id) this.arrived(); };
    shelf.waiting.add(this.told);
  }

  buildTools() {
    const tools = element("div", { className: "tools" }, this.root);
    const group = label => {
      const box = element("div", { className: "group", role: "group" }, tools);
      box.setAttribute("aria-label", label);
      return box;
    };
    const button = (box, textContent, onclick) => element("button", { type: "button", textContent, onclick }, box);
    const modes = group("How to compare");
    this.modes = Object.entries(MODES).map(([mode, words]) => [mode, button(modes, words, () => this.setMode(mode))]);
    this.sides = group("Against");
    const zoom = group("Zoom");
    this.out = button(zoom, "−", () => this.zoom(this.view.step(false)));
    this.out.setAttribute("aria-label", "Zoom out");
    this.percent = element("output", {}, zoom);
    this.into = button(zoom, "+", () => this.zoom(this.view.step(true)));
    this.into.setAttribute("aria-label", "Zoom in");
    this.whole = button(zoom, "Whole", () => this.zoom(this.view.least / this.view.scale));
    this.blend = group("Strength");
    element("span", { textContent: "Strength" }, this.blend);
    this.slider = element("input", { type: "range", min: 0, max: 100, step: 5 }, this.blend);
    this.slider.setAttribute("aria-label", "Strength, percent");
    this.amount = element("output", {}, this.blend);
    this.slider.oninput = () => { this.strength = this.slider.value / 100; this.draw(); };
    this.slider.onchange = () => this.send("strength", { id: this.data.id, value: this.strength });
    const more = group("More");
    this.trust = button(more, "Trust map", () => { this.trusted = !this.trusted; this.draw(); });
    this.detail = button(more, "All models here", () => this.send("detail", { id: this.data.id, ...this.rounded() }));
    this.legend = element("div", { className: "legend" }, this.root);
  }

  update(data, send) {
    this.send = send;
    const another = !this.data || this.data.id !== data.id;
    this.data = data;
    if (another) {
      this.view.reset();
      Object.assign(this, { images: {}, against: data.sides[0].name, strength: data.strength, trusted: false, asked: "" });
      clearTimeout(this.patience);
      this.tell("");
      const sources = { result: data.result, trust: data.trust?.src };
      for (const side of data.sides) sources[side.name] = side.src;
      for (const [name, src] of Object.entries(sources)) if (src) this.load(name, src);
      this.sides.replaceChildren();
      this.choices = data.sides.map(side => [side.name, element("button", { type: "button", textContent: side.label,
        onclick: () => { this.against = side.name; this.draw(); } }, this.sides)]);
    }
    this.canvas.setAttribute("aria-label", data.label);
    this.sides.hidden = data.sides.length < 2;
    this.blend.hidden = !data.blends;
    this.trust.hidden = !data.trust;
    this.detail.hidden = !data.detail;
    if (data.trust) {
      this.trust.textContent = data.trust.title;
      this.legend.replaceChildren(element("span", { textContent: data.trust.low }));
      element("div", { className: "bar" }, this.legend).style.background = `linear-gradient(90deg, ${data.trust.stops})`;
      for (const textContent of [data.trust.high, data.trust.words]) element("span", { textContent }, this.legend);
    }
    this.layOut();
  }

  load(name, src) {
    const image = new Image();
    image.src = src;
    const { id } = this.data;
    image.decode().then(() => { if (this.data.id === id) { this.images[name] = image; this.draw(); } }, () => {});
  }

  layOut() {
    const room = this.stage.clientWidth;
    if (!this.data || !room) return;
    const { width, height, tallest } = this.data, apart = this.mode === "apart", stacked = apart && room < 560;
    const share = apart && !stacked ? (room - GAP) / 2 : room;
    const high = Math.round(Math.min(tallest, Math.max(220, Math.min(height, share * height / width))));
    const shift = stacked ? [0, high + GAP] : [share + GAP, 0];
    this.panes = [{ x: 0, y: 0, w: share, h: high }];
    if (apart) this.panes.push({ x: shift[0], y: shift[1], w: share, h: high });
    this.high = stacked ? 2 * high + GAP : high;
    this.stage.style.height = `${this.high}px`;
    const pixel = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(room * pixel);
    this.canvas.height = Math.round(this.high * pixel);
    this.canvas.style.width = `${this.canvas.width / pixel}px`; // one of its px is one of the screen's
    this.canvas.style.height = `${this.canvas.height / pixel}px`;
    this.view.fit({ width, height, pane: this.panes[0], pixel });
    this.draw();
  }

  draw() {
    if (!this.panes) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { view, mode, panes, canvas } = this, context = canvas.getContext("2d");
    context.setTransform(view.pixel, 0, 0, view.pixel, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const whole = view.box(panes[0]);
    this.first = Math.max(panes[0].x, whole.x);
    this.last = Math.min(panes[0].x + panes[0].w, whole.x + whole.w);
    const split = this.first + this.share * (this.last - this.first);
    this.part(context, panes[0], null, false);
    if (mode === "apart") this.part(context, panes[1], null, true);
    if (mode === "slider") this.part(context, panes[0], path => path.rect(split, 0, panes[0].w, panes[0].h), true);
    if (mode === "lens") {
      const [x, y] = this.lens ?? [panes[0].w / 2, panes[0].h / 2];
      const ring = path => path.arc(x, y, LENS * Math.min(panes[0].w, panes[0].h) + 24, 0, 2 * Math.PI);
      this.part(context, panes[0], ring, true);
      context.beginPath();
      ring(context);
      Object.assign(context, { lineWidth: 2, strokeStyle: "#fff" });
      context.stroke();
    }
    this.mark(split);
  }

  // One side of the comparison on a pane, within a path.
  part(context, pane, path, after) {
    context.save();
    context.beginPath();
    context.rect(pane.x, pane.y, pane.w, pane.h);
    context.clip();
    if (path) { context.beginPath(); path(context); context.clip(); }
    if (after) {
      this.layer(context, pane, this.data.sides[0].name, 1);
      this.layer(context, pane, "result", this.data.blends ? this.strength : 1);
      if (this.trusted) this.layer(context, pane, "trust", 0.78);
    } else this.layer(context, pane, this.against, 1);
    context.restore();
  }

  // A picture where it lies, and over it the detail at full resolution where there is one.
  layer(context, pane, name, opacity) {
    const image = this.images[name], { view } = this, box = view.box(pane), seen = view.seen();
    if (!image) return;
    context.globalAlpha = opacity;
    const place = (picture, area) => {
      const left = Math.max(seen.left, area.left), top = Math.max(seen.top, area.top);
      const right = Math.min(seen.left + seen.width, area.left + area.width);
      const bottom = Math.min(seen.top + seen.height, area.top + area.height);
      if (right <= left || bottom <= top) return;
      const across = picture.naturalWidth / area.width, down = picture.naturalHeight / area.height;
      const exact = name !== "trust" && (across >= 1 || name === "input"); // as fine as it can be: its px may be seen
      context.imageSmoothingEnabled = !exact || view.scale * view.pixel < 2 * across;
      context.imageSmoothingQuality = "high";
      context.drawImage(picture, (left - area.left) * across, (top - area.top) * down, (right - left) * across,
        (bottom - top) * down, box.x + left * view.scale, box.y + top * view.scale, (right - left) * view.scale,
        (bottom - top) * view.scale);
    };
    const look = view.zoomed ? shelf.looks.get(this.data.id) : null, first = this.data.sides[0].name;
    const picture = name === "result" ? look?.result : name === first ? look?.before : null;
    context.save();
    if (picture && opacity < 1) { // once is enough: laid over itself it would be less transparent
      context.beginPath();
      context.rect(box.x, box.y, box.w, box.h);
      context.rect(box.x + look.left * view.scale, box.y + look.top * view.scale, look.width * view.scale,
        look.height * view.scale);
      context.clip("evenodd");
    }
    place(image, { left: 0, top: 0, width: view.width, height: view.height });
    context.restore();
    if (picture) place(picture, look);
  }

  mark(split) {
    const { data, mode, view, panes, knob } = this, against = data.sides.find(side => side.name === this.against);
    for (const name of Object.keys(MODES)) this.stage.classList.toggle(name, mode === name);
    this.stage.classList.toggle("zoomed", view.zoomed);
    knob.hidden = mode !== "slider";
    knob.style.left = `${split}px`;
    const now = Math.round(100 * this.share);
    knob.setAttribute("aria-label", `Divider: ${against.label} on the left, ${data.name} on the right`);
    knob.setAttribute("aria-valuenow", now);
    knob.setAttribute("aria-valuetext", `${now} percent ${against.label}`);
    const right = panes[1] ?? panes[0], room = this.stage.clientWidth;
    this.chips[0].textContent = against.label;
    this.chips[1].textContent = mode === "lens" ? `${data.name}, in the circle` : data.name;
    Object.assign(this.chips[0].style, { left: "8px", top: "8px" });
    Object.assign(this.chips[1].style, { right: `${room - right.x - right.w + 8}px`, top: `${right.y + 8}px` });
    for (const [name, button] of this.modes) button.setAttribute("aria-pressed", name === mode);
    for (const [name, button] of this.choices) button.setAttribute("aria-pressed", name === this.against);
    this.trust.setAttribute("aria-pressed", Boolean(this.trusted));
    this.legend.hidden = !this.trusted;
    this.percent.textContent = `${view.percent} %`;
    this.out.disabled = this.whole.disabled = !view.zoomed;
    this.into.disabled = view.scale >= view.most * 0.999;
    this.slider.value = Math.round(100 * this.strength);
    this.amount.textContent = `${Math.round(100 * this.strength)} %`;
  }

  setMode(mode) { this.mode = mode; this.lens = null; this.layOut(); this.settle(); }
  lookAt(x, y) { this.lens = x === null ? null : [x, y]; if (this.mode === "lens") this.draw(); }
  slide(share) { this.share = Math.min(1, Math.max(0, share)); this.draw(); }
  slideTo(x) { this.slide((x - this.first) / Math.max(1, this.last - this.first)); }
  pan(x, y) { this.view.pan(x, y); this.draw(); this.settle(); }
  zoom(factor, x, y) { this.view.zoom(factor, x, y); this.draw(); this.settle(); }

  // A place on the stage as a place on the first pane.
  within(x, y) {
    const pane = this.panes.find(({ x: left, y: top, w, h }) => x >= left && x < left + w && y >= top && y < top + h);
    return pane ? [x - pane.x, y - pane.y] : [x, y];
  }

  rounded() {
    const { left, top, width, height } = this.view.seen();
    return { left: Math.floor(left), top: Math.floor(top), width: Math.ceil(width), height: Math.ceil(height) };
  }

  // Once the view rests: asks for the detail, where the overview is too coarse for it.
  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { data, view } = this, image = this.images.result, box = this.rounded();
      const coarse = image && view.scale * view.pixel > FINE * image.naturalWidth / data.width;
      const look = shelf.looks.get(data.id);
      const covered = look && look.left <= box.left && look.top <= box.top
        && look.left + look.width >= Math.min(data.width, box.left + box.width)
        && look.top + look.height >= Math.min(data.height, box.top + box.height);
      if (!data.looks || !coarse || image.naturalWidth >= data.width || covered) { this.tell(""); return; }
      if (Math.max(box.width, box.height) > data.looks) { this.tell("Zoom in to see every pixel", 2500); return; }
      const asked = JSON.stringify(box);
      if (asked === this.asked) return;
      this.asked = asked;
      this.tell("Fetching full resolution", PATIENCE);
      this.send("view", { id: data.id, ...box });
    }, SETTLED);
  }

  arrived() { this.tell(""); this.draw(); this.settle(); }

  tell(words, milliseconds = 0) {
    clearTimeout(this.patience);
    if (words) this.hint.textContent = words;
    this.hint.classList.toggle("shown", Boolean(words));
    if (milliseconds) this.patience = setTimeout(() => this.tell(""), milliseconds);
  }

  close() {
    this.observer.disconnect();
    shelf.waiting.delete(this.told);
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    cancelAnimationFrame(this.frame);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let compare = made.get(parentElement);
  if (!compare) {
    compare = new Compare(parentElement.querySelector(".compare"));
    made.set(parentElement, compare);
  }
  compare.update(data, setStateValue);
  return () => { compare.close(); made.delete(parentElement); };
}
