const LAYERS = ["id", "colour", "scale", "draw", "thumbs", "under", "axes", "ratio", "tallest"];
const LASSO = "Draw round the images to choose", LETGO = "Let go of the images in the lasso";
const REACH = 14, NUDGE = 12, MOVED = 5, MOVE_MS = 220, REST_MS = 700;
const shelf = (globalThis.latentShelf ??= { items: new Map(), waiting: new Set() });
const maps = new WeakMap();

function element(name, properties = {}, parent = null) {
  const made = Object.assign(document.createElement(name), properties);
  if (parent) parent.appendChild(made);
  return made;
}

function pressable(parent, text, label, act) {
  const made = element("button", { type: "button", textContent: text, title: label, onclick: act }, parent);
  made.setAttribute("aria-label", label);
  return made;
}

class LatentMap {
  constructor(root) {
    this.root = root;
    this.stage = element("div", { className: "stage" }, root);
    this.under = element("canvas", {}, this.stage);
    this.over = element("canvas", { className: "over", tabIndex: 0 }, this.stage);
    this.over.setAttribute("role", "application");
    this.tools = element("div", { className: "tools" }, this.stage);
    this.lasso = pressable(this.tools, "Lasso", LASSO, () => {
      if (this.chosen.lassoed.length) this.gather([]);
      else this.setLasso(!this.lassoing);
    });
    pressable(this.tools, "+", "Zoom in", () => this.zoom(1.5));
    pressable(this.tools, "−", "Zoom out", () => this.zoom(1 / 1.5));
    pressable(this.tools, "Whole", "Show the whole map", () => this.whole());
    this.hint = element("div", { className: "hint" }, this.stage);
    this.wait = element("div", { className: "wait" }, this.stage);
    this.tip = element("div", { className: "tip", hidden: true }, this.stage);
    this.tipPicture = element("canvas", {}, this.tip);
    this.tipWords = element("div", {}, this.tip);
    this.legend = element("div", { className: "legend" }, root);
    this.said = element("div", { className: "said" }, root);
    this.said.setAttribute("aria-live", "polite");
    this.view = new View();
    this.isolated = new Set();
    this.chosen = { picked: null, lassoed: [] };
    this.hover = -1;
    this.frame = null;
    this.sheets = new Map();
    handle(this);
    this.observer = new ResizeObserver(() => this.layOut());
    this.observer.observe(root);
    this.told = () => this.arrived();
    shelf.waiting.add(this.told);
    this.filmed = event => { if (this.data && event.detail.id === this.data.film) this.follow(event.detail.frame); };
    window.addEventListener("film", this.filmed);
  }

  update(data, send) {
    const other = !this.data || this.data.id !== data.id, before = this.data;
    this.data = data;
    this.send = send;
    this.letGo([data.thumbs, data.under]);
    if (other) {
      this.item = this.sheet = this.shown = this.frame = null;
      this.following = -1;
      this.isolated = new Set(data.isolated || []);
      this.hover = -1;
      this.chosen = { picked: data.picked, lassoed: data.lassoed };
    } else if (JSON.stringify(before.forced) !== JSON.stringify(data.forced)) {
      this.chosen = { picked: data.picked, lassoed: data.lassoed };
    }
    this.lasso.hidden = !data.lasso;
    const drawn = JSON.stringify([LAYERS.map(name => data[name]), this.theme("text-color"), this.theme("background-color")]);
    if (drawn !== this.drawn || !this.item) {
      this.drawn = drawn;
      this.arrived();
      this.layOut();
    } else this.remark();
    this.describe();
    this.showLegend();
  }

  arrived() {
    if (!this.data) return;
    const found = shelf.items.get(this.data.id), first = found && this.item !== found;
    if (first) {
      this.item = found;
      this.hash = new Hash(found.points);
      this.fit();
      this.begin();
    }
    this.sheet = this.sheetOf(this.data.thumbs) || null;
    const layer = this.data.under && shelf.items.get(this.data.under);
    if (layer || this.layerOf !== this.data.under) { this.layer = layer; this.layerOf = this.data.under; }
    this.wait.hidden = Boolean(this.item && (!this.data.under || this.layer));
    this.wait.textContent = this.item ? "Decoding the map" : "Drawing the map";
    this.layerSheet = this.layer && this.layer.sheet ? this.sheetOf(this.data.under) : null;
    if (first) { this.describe(); this.showLegend(); }
    if (this.item && this.hover >= 0) this.showTip(this.hover, ...this.tipAt);
    this.redraw();
  }

  // The sprite sheet of an item: one picture with all thumbnails, decoded once.
  sheetOf(id) {
    const item = id && shelf.items.get(id);
    if (item && !this.sheets.has(id)) {
      this.sheets.set(id, null);
      createImageBitmap(new Blob([item.sheet], { type: item.type })).then(image => {
        if (!this.sheets.has(id)) { image.close(); return; }
        this.sheets.set(id, { image, width: item.width, height: item.height, across: item.across });
        this.arrived();
      });
    }
    return this.sheets.get(id) ?? null;
  }

  // Lets go of all sprite sheets but those of these items: decoded, each takes some ten megabytes.
  letGo(kept) {
    for (const [id, sheet] of this.sheets) if (!kept.includes(id)) { sheet?.image.close(); this.sheets.delete(id); }
  }

  layOut() {
    const width = this.root.clientWidth;
    if (!this.data || !width) return;
    const height = Math.round(Math.min(this.data.tallest, Math.max(280, width * this.data.ratio)));
    const pixel = window.devicePixelRatio || 1;
    this.stage.style.height = `${height}px`;
    if (width !== this.view.width || height !== this.view.height || pixel !== this.pixel) {
      this.pixel = pixel;
      for (const canvas of [this.under, this.over]) {
        canvas.width = Math.round(width * pixel);
        canvas.height = Math.round(height * pixel);
      }
      this.view.width = width;
      this.view.height = height;
      if (this.item) {
        const fresh = !this.view.middle;
        this.fit();
        if (fresh) this.begin();
      }
    }
    this.redraw();
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.draw(); this.mark(); });
  }

  remark() {
    if (this.waiting || this.marking) return;
    this.marking = requestAnimationFrame(() => { this.marking = 0; this.mark(); });
  }

  fit() {
    this.view.fit(this.data.frame || this.item.box, this.item.points, this.view.width, this.view.height);
  }

  points() {
    return this.shown || this.item.points;
  }

  allowed(i) {
    return !this.isolated.size || this.isolated.has(this.item.labels[i]);
  }

  // Index into `colours()` of every point.
  tints() {
    const { colour } = this.data, key = `${this.data.id} ${colour}`;
    if (this.tinted !== key) {
      this.tinted = key;
      const values = this.item[colour === "class" ? "labels" : `${colour}_tint`], count = this.item.points.length / 2;
      const { length } = this.data.colours;
      const tint = value => colour !== "class" ? value : value < 0 ? length : value % length;
      this.tint = Uint8Array.from({ length: count }, (_, i) => tint(values[i]));
    }
    return this.tint;
  }

  colours() {
    return this.data.colour === "class" ? [...this.data.colours, "#8a8780"] : this.stops();
  }

  // The scale's colours; much of it stands out, from paper as from night.
  stops() {
    const bright = channels(this.theme("background-color")).reduce((sum, value) => sum + value) > 384;
    return bright ? [...this.data.scale.stops].reverse() : this.data.scale.stops;
  }

  theme(name) {
    return getComputedStyle(this.root).getPropertyValue(`--st-${name}`).trim();
  }

  pen(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(this.pixel, 0, 0, this.pixel, 0, 0);
    context.clearRect(0, 0, this.view.width, this.view.height);
    return context;
  }

  draw() {
    if (!this.item || !this.pixel) return;
    const began = performance.now(), context = this.pen(this.under), { view, data } = this;
    const ink = this.theme("text-color"), ground = this.theme("background-color"), allowed = this.clear();
    const strength = this.layer && this.layer.density ? 0.5 : 1;
    if (this.layer && this.layer.density) drawDensity(context, view, this.layer, data.veil);
    if (this.layerSheet) drawGrid(context, view, this.layer, this.layerSheet);
    const tint = this.tints(), colours = this.colours();
    this.thumbAt = null;
    if (data.draw === "thumbs" && this.sheet) this.thumbAt = drawThumbs(context, view, this.points(), this.sheet, tint, colours, allowed);
    else if (data.draw !== "none") drawDots(context, view, this.points(), tint, colours, allowed, this.pixel, strength);
    if (data.axes) drawAxes(context, view, data.axes, ink, ground);
    this.over.classList.toggle("zoomed", view.zoom > 1.02);
    this.root.dataset.drawn = `${this.item.points.length / 2} in ${(performance.now() - began).toFixed(1)} ms`;
  }

  mark() {
    if (!this.item || !this.pixel) return;
    const context = this.pen(this.over), { view, data } = this, points = this.points();
    const accent = this.theme("primary-color"), ink = this.theme("text-color"), ground = this.theme("background-color");
    const ring = (x, y, size, colour, width = 2) => {
      for (const [wide, tone] of [[width + 2, ground], [width, colour]]) {
        context.beginPath();
        context.arc(x, y, size, 0, 2 * Math.PI);
        context.lineWidth = wide;
        context.strokeStyle = tone;
        context.stroke();
      }
    };
    for (const path of data.paths) {
      for (const [wide, tone] of [[5, ground], [2.5, path.colour]]) {
        context.beginPath();
        path.points.forEach(([x, y], i) => i ? context.lineTo(view.x(x), view.y(y)) : context.moveTo(view.x(x), view.y(y)));
        context.setLineDash(path.dashed ? [5, 4] : []);
        context.lineWidth = wide;
        context.strokeStyle = tone;
        context.stroke();
      }
      context.setLineDash([]);
    }
    if (this.line) {
      context.fillStyle = accent;
      context.beginPath();
      this.line.forEach(([x, y], i) => i ? context.lineTo(x, y) : context.moveTo(x, y));
      context.closePath();
      context.strokeStyle = accent;
      context.lineWidth = 2;
      context.stroke();
      context.globalAlpha = 0.12;
      context.fill();
      context.globalAlpha = 1;
    }
    const { picked } = this.chosen;
    if (picked) {
      if (picked.index >= 0) ring(view.x(points[2 * picked.index]), view.y(points[2 * picked.index + 1]), 8, accent, 3);
      if (data.decodes) this.cross(context, view.x(picked.x), view.y(picked.y), accent, ground);
    }
    for (const { x, y, text } of data.marks) {
      ring(view.x(x), view.y(y), 7, ink, 3);
      context.font = "600 13px sans-serif";
      context.textAlign = "left";
      context.lineWidth = 4;
      context.strokeStyle = ground;
      context.strokeText(text, view.x(x) + 12, view.y(y) + 4);
      context.fillStyle = ink;
      context.fillText(text, view.x(x) + 12, view.y(y) + 4);
    }
    if (this.hover >= 0) ring(view.x(points[2 * this.hover]), view.y(points[2 * this.hover + 1]), 6, ink);
    if (this.keys && this.cursor) this.cross(context, ...this.cursor, ink, ground, 16);
  }

  cross(context, x, y, colour, ground, size = 9) {
    for (const [wide, tone] of [[4.5, ground], [2, colour]]) {
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [0, 1]]) {
        context.moveTo(x - dx * size, y - dy * size);
        context.lineTo(x + dx * size, y + dy * size);
      }
      context.lineWidth = wide;
      context.strokeStyle = tone;
      context.stroke();
    }
  }

  words(i) {
    const { labels, index, errors } = this.item, label = labels[i];
    const name = label >= 0 && this.data.classes[label] !== undefined ? `“${this.data.classes[label]}”, ` : "";
    const quality = errors && errors[i] > 0 ? `, ${(-10 * Math.log10(errors[i])).toFixed(1)} dB` : "";
    return `${name}image ${index[i]}${quality}`;
  }

  showTip(i, x, y) {
    this.hover = i;
    this.tipAt = [x, y];
    this.tip.hidden = i < 0;
    if (i >= 0) {
      this.tipWords.textContent = this.words(i);
      this.tipPicture.hidden = !this.sheet;
      if (this.sheet) {
        this.tipPicture.width = this.sheet.width;
        this.tipPicture.height = this.sheet.height;
        this.tipPicture.style.height = `${84 * this.sheet.height / this.sheet.width}px`;
        drawThumb(this.tipPicture.getContext("2d"), this.sheet, i, 0, 0, this.sheet.width, this.sheet.height);
      }
      const wide = this.tip.offsetWidth, tall = this.tip.offsetHeight;
      this.tip.style.left = `${x + 16 + wide > this.view.width ? Math.max(0, x - wide - 16) : x + 16}px`;
      this.tip.style.top = `${Math.max(4, Math.min(this.view.height - tall - 4, y - tall / 2))}px`;
    }
    this.remark();
  }

  near(x, y, reach = REACH) {
    if (this.item && this.thumbAt) return this.thumbAt(x, y);
    return this.item ? this.hash.nearest(this.view, x, y, reach, i => this.allowed(i)) : -1;
  }

  pick(x, y) {
    if (!this.item || !this.data.answers) return;
    const index = this.near(x, y);
    if (index < 0 && !this.data.decodes) return;
    const [atX, atY] = this.view.place(x, y);
    this.chosen.picked = { x: atX, y: atY, index };
    this.send("picked", { id: this.data.id, x: atX, y: atY, index });
    this.describe();
    this.remark();
  }

  gather(line) {
    const points = this.points(), found = [];
    for (let i = 0; i < points.length / 2; i++) {
      if (this.allowed(i) && contains(line, this.view.x(points[2 * i]), this.view.y(points[2 * i + 1]))) found.push(i);
    }
    this.chosen.lassoed = found;
    this.send("lassoed", { id: this.data.id, indices: found });
    this.describe();
    this.redraw();
  }

  // Whether a point is drawn in its full colour: every one is, unless some are in the lasso.
  clear() {
    const { lassoed } = this.chosen, inside = new Set(lassoed);
    return i => this.allowed(i) && (!lassoed.length || inside.has(i));
  }

  setLasso(on) {
    this.lassoing = on;
    this.lasso.setAttribute("aria-pressed", String(on));
    this.over.classList.toggle("lassoing", on);
    this.tell(on ? LASSO : "");
  }

  tell(sentence) {
    this.hint.textContent = sentence || this.hint.textContent;
    this.hint.classList.toggle("shown", Boolean(sentence));
  }

  zoom(factor, x = this.view.width / 2, y = this.view.height / 2) {
    this.view.zoomAt(factor, x, y);
    this.seen();
  }

  pan(dx, dy) {
    this.view.pan(dx, dy);
    this.seen();
  }

  whole() {
    this.view.reset();
    this.seen();
  }

  // Shows what the page remembers of an earlier look, else the whole map.
  begin() {
    this.view.reset();
    if (this.data.seen && this.data.seen.length) this.view.look(...this.data.seen);
  }

  // Draws anew and, once the map has come to rest, tells the page which part of it is seen.
  seen() {
    this.redraw();
    if (!this.data.seen) return;
    clearTimeout(this.resting);
    const id = this.data.id, { zoom, centre } = this.view, whole = this.view.isWhole();
    this.resting = setTimeout(() => {
      if (this.data.id === id) this.send("seen", { id, view: whole ? [] : [zoom, ...centre] });
    }, REST_MS);
  }

  // Moves the points to where they lay in a frame of a film, softly.
  follow(frame) {
    if (!this.item || !this.item.moving || frame === this.following) return;
    this.following = frame;
    const count = this.item.points.length, from = this.points(), start = performance.now();
    const to = this.item.moving.subarray(frame * count, (frame + 1) * count);
    if (to.length !== count) return;
    const origin = Float32Array.from(from), target = this.frame = {};
    const step = now => {
      if (this.frame !== target) return;
      const share = Math.min(1, (now - start) / MOVE_MS), ease = share * share * (3 - 2 * share);
      this.shown = share < 1 ? Float32Array.from(origin, (value, i) => value + ease * (to[i] - value)) : to;
      this.draw();
      this.mark();
      if (share < 1) requestAnimationFrame(step);
      else this.hash = new Hash(this.shown);
    };
    this.root.dataset.frame = frame;
    requestAnimationFrame(step);
  }

  describe() {
    const { picked, lassoed } = this.chosen;
    this.lasso.textContent = lassoed.length ? "Let go" : "Lasso";
    this.lasso.title = lassoed.length ? LETGO : LASSO;
    this.lasso.setAttribute("aria-label", this.lasso.title);
    const said = [this.data.label];
    if (this.item && picked && picked.index >= 0) said.push(`Chosen: ${this.words(picked.index)}.`);
    else if (picked) said.push(`Chosen: the place ${picked.x.toPrecision(3)}, ${picked.y.toPrecision(3)}.`);
    if (lassoed.length) said.push(`${lassoed.length} images are in the lasso.`);
    for (const { x, y, text } of this.data.marks) said.push(`Marked: ${text} at ${x.toPrecision(3)}, ${y.toPrecision(3)}.`);
    said.push(`Arrow keys move a cross-hair, ${this.data.answers ? "Enter chooses, " : ""}plus and minus zoom.`);
    this.over.setAttribute("aria-label", said.join(" "));
  }

  showLegend() {
    const { data } = this;
    const key = JSON.stringify([data.id, data.colour, data.classes, data.scale, Boolean(this.item), data.legend, this.theme("background-color")]);
    if (key === this.legended) { this.pressLegend(); return; }
    this.legended = key;
    this.legend.replaceChildren();
    this.legend.hidden = data.legend === false;
    this.entries = [];
    if (data.colour !== "class") {
      const { words } = data.scale, stops = this.stops();
      element("span", { className: "words", textContent: words[0] }, this.legend);
      const bar = element("span", { className: "bar" }, this.legend);
      bar.style.background = `linear-gradient(90deg, ${stops.join(",")})`;
      element("span", { className: "words", textContent: words[1] }, this.legend);
      return;
    }
    const there = this.item ? new Set(this.item.labels) : new Set();
    data.classes.forEach((name, label) => {
      if (!there.has(label)) return;
      const button = element("button", { type: "button", onclick: () => this.isolate(label) }, this.legend);
      const dot = element("span", { className: "dot" }, button);
      dot.style.background = data.colours[label % data.colours.length];
      button.append(name);
      button.title = `Show ${name} alone, or all again`;
      this.entries.push([label, button]);
    });
    this.pressLegend();
  }

  isolate(label) {
    if (!this.isolated.delete(label)) this.isolated.add(label);
    if (this.isolated.size === this.entries.length) this.isolated.clear();
    this.pressLegend();
    this.redraw();
    if (this.data.isolated) this.send("isolated", { id: this.data.id, classes: [...this.isolated] });
  }

  pressLegend() {
    for (const [label, button] of this.entries || []) {
      button.setAttribute("aria-pressed", String(this.isolated.has(label)));
      button.classList.toggle("off", this.isolated.size > 0 && !this.isolated.has(label));
    }
  }

  close() {
    this.observer.disconnect();
    this.letGo([]);
    shelf.waiting.delete(this.told);
    window.removeEventListener("film", this.filmed);
    this.frame = null;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let map = maps.get(parentElement);
  if (!map) {
    map = new LatentMap(parentElement.querySelector(".map"));
    maps.set(parentElement, map);
  }
  map.update(data, setStateValue);
  return () => { map.close(); maps.delete(parentElement); };
}
