// Where a picture lies on a pane: one scale and one middle for all panes, so that they zoom and pan together.
const MOST = 8, STOPS = [0.5, 1, 2, 4, 8];

class View {
  constructor() { this.reset(); }

  reset() { this.scale = 0; }

  // pixel: screen px in a CSS px; width, height: of the picture; pane: CSS px of the first pane.
  fit({ width, height, pane, pixel }) {
    const another = this.width !== width || this.height !== height, whole = !this.scale || !this.zoomed;
    Object.assign(this, { width, height, pane, pixel });
    this.least = Math.min(pane.w / width, pane.h / height, 1);
    this.most = Math.max(MOST / pixel, this.least);
    if (another || whole) {
      this.scale = this.least;
      this.middle = [width / 2, height / 2];
    }
    this.clamp();
  }

  clamp() {
    this.scale = Math.min(this.most, Math.max(this.least, this.scale));
    const halves = [this.pane.w, this.pane.h].map(length => length / 2 / this.scale);
    this.middle = [this.width, this.height].map((length, axis) => length <= 2 * halves[axis] ? length / 2
      : Math.min(length - halves[axis], Math.max(halves[axis], this.middle[axis])));
  }

  get zoomed() { return this.scale > this.least * 1.001; }
  get percent() { return Math.round(this.scale * this.pixel * 100); }

  // Zooms by a factor; the point of the picture at x, y of the pane stays where it is.
  zoom(factor, x = this.pane.w / 2, y = this.pane.h / 2) {
    const at = [x - this.pane.w / 2, y - this.pane.h / 2];
    const point = this.middle.map((value, axis) => value + at[axis] / this.scale);
    this.scale = Math.min(this.most, Math.max(this.least, this.scale * factor));
    this.middle = point.map((value, axis) => value - at[axis] / this.scale);
    this.clamp();
  }

  // The next stop up or down, as a factor.
  step(up) {
    const now = this.scale * this.pixel, stops = STOPS.filter(stop => stop > this.least * this.pixel * 1.001);
    const next = up ? stops.find(stop => stop > now * 1.001) : stops.findLast(stop => stop < now * 0.999);
    return (next ?? (up ? this.most * this.pixel : this.least * this.pixel)) / now;
  }

  pan(x, y) {
    this.middle = [this.middle[0] - x / this.scale, this.middle[1] - y / this.scale];
    this.clamp();
  }

  // Where the whole picture lies on a pane, in CSS px.
  box(pane) {
    const { scale, width, height, middle } = this;
    return { x: pane.x + pane.w / 2 - middle[0] * scale, y: pane.y + pane.h / 2 - middle[1] * scale,
      w: width * scale, h: height * scale };
  }

  // What is seen of the picture, in its own px.
  seen() {
    const halves = [this.pane.w, this.pane.h].map(length => length / 2 / this.scale);
    const [left, top] = this.middle.map((value, axis) => Math.max(0, value - halves[axis]));
    return { left, top, width: Math.min(this.width, this.middle[0] + halves[0]) - left,
      height: Math.min(this.height, this.middle[1] + halves[1]) - top };
  }
}
