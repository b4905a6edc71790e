// What a map shows: where points lie on the screen, which one is nearest, and drawing them.
const CELL = 30, PAD = 26, CUT = 4, FADED = 0.12, LEAST = 0.6, MOST = 80;

function extent(points) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  return [low, high];
}

class View {
  constructor() { this.width = this.height = 1; this.zoom = 1; this.centre = [0, 0]; this.base = [1, 1]; }

  fit(wanted, points, width, height) {
    const box = wanted || extent(points).flat();
    const span = [0, 1].map(axis => Math.max(box[axis + 2] - box[axis], 1e-6));
    this.middle = [0, 1].map(axis => (box[axis] + box[axis + 2]) / 2);
    const room = [Math.max(width - 2 * PAD, 10), Math.max(height - 2 * PAD, 10)];
    this.base = [room[0] / span[0], room[1] / span[1]];
    if (Math.max(...this.base) / Math.min(...this.base) < CUT) this.base = Array(2).fill(Math.min(...this.base));
    this.width = width;
    this.height = height;
  }

  reset() { this.zoom = 1; this.centre = [...this.middle]; }
  isWhole() { return this.zoom === 1 && this.centre.every((value, axis) => value === this.middle[axis]); }

  look(zoom, x, y) {
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom));
    this.centre = [x, y];
    this.bound();
  }

  x(value) { return this.width / 2 + (value - this.centre[0]) * this.base[0] * this.zoom; }
  y(value) { return this.height / 2 - (value - this.centre[1]) * this.base[1] * this.zoom; }
  place(x, y) {
    return [this.centre[0] + (x - this.width / 2) / (this.base[0] * this.zoom),
      this.centre[1] - (y - this.height / 2) / (this.base[1] * this.zoom)];
  }

  pan(dx, dy) {
    this.centre[0] -= dx / (this.base[0] * this.zoom);
    this.centre[1] += dy / (this.base[1] * this.zoom);
    this.bound();
  }

  zoomAt(factor, x, y) {
    const [fromX, fromY] = this.place(x, y);
    this.zoom = Math.min(MOST, Math.max(LEAST, this.zoom * factor));
    const [toX, toY] = this.place(x, y);
    this.centre[0] += fromX - toX;
    this.centre[1] += fromY - toY;
    this.bound();
  }

  bound() {
    for (const axis of [0, 1]) {
      const reach = 0.75 * [this.width, this.height][axis] / this.base[axis];
      this.centre[axis] = Math.min(this.middle[axis] + reach, Math.max(this.middle[axis] - reach, this.centre[axis]));
    }
  }
}

class Hash {
  constructor(points) {
    const count = points.length / 2, [low, high] = extent(points);
    this.points = points;
    this.side = Math.max(1, Math.min(96, Math.round(Math.sqrt(count / 3))));
    this.low = low;
    this.step = [0, 1].map(axis => Math.max((high[axis] - low[axis]) / this.side, 1e-9));
    this.cells = Array.from({ length: this.side * this.side }, () => []);
    for (let i = 0; i < count; i++) this.cells[this.cell(points[2 * i], 0) + this.side * this.cell(points[2 * i + 1], 1)].push(i);
  }

  cell(value, axis) {
    return Math.min(this.side - 1, Math.max(0, Math.floor((value - this.low[axis]) / this.step[axis])));
  }

  nearest(view, x, y, reach, allowed) {
    const [left, bottom] = view.place(x - reach, y + reach), [right, top] = view.place(x + reach, y - reach);
    let best = -1, closest = reach * reach;
    for (let row = this.cell(bottom, 1); row <= this.cell(top, 1); row++) {
      for (let column = this.cell(left, 0); column <= this.cell(right, 0); column++) {
        for (const i of this.cells[column + this.side * row]) {
          const dx = view.x(this.points[2 * i]) - x, dy = view.y(this.points[2 * i + 1]) - y, far = dx * dx + dy * dy;
          if (far < closest && allowed(i)) { closest = far; best = i; }
        }
      }
    }
    return best;
  }
}

// Opacity of a dot's pixels, row by row, with soft edges.
function stamp(size) {
  const side = Math.ceil(2 * size) + 2, made = new Float32Array(side * side);
  for (let i = 0; i < made.length; i++) {
    const far = Math.hypot(i % side + 0.5 - side / 2, Math.floor(i / side) + 0.5 - side / 2);
    made[i] = 0.85 * Math.min(1, Math.max(0, size - far + 0.5));
  }
  return [made, side];
}

const known = new Map();

// Red, green and blue of a colour as CSS spells it.
function channels(colour) {
  if (known.has(colour)) return known.get(colour);
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  known.set(colour, [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  return known.get(colour);
}

function radius(view, count) {
  const room = Math.sqrt(view.width * view.height / Math.max(count, 1));
  return Math.min(5.5, Math.max(1.7, 0.16 * room * Math.sqrt(view.zoom)));
}

// Draws every point as a dot of its colour, pixel by pixel, which ten thousand need; those not allowed are faint.
function drawDots(context, view, points, tint, colours, allowed, pixel, strength) {
  const width = Math.round(view.width * pixel), height = Math.round(view.height * pixel);
  const sheet = new OffscreenCanvas(width, height), drawing = sheet.getContext("2d");
  const picture = drawing.createImageData(width, height), { data } = picture;
  const [mask, side] = stamp(radius(view, points.length / 2) * pixel);
  const inks = colours.map(channels);
  for (const clear of [false, true]) {
    for (let i = 0; i < points.length / 2; i++) {
      if (allowed(i) !== clear) continue;
      const left = Math.round(view.x(points[2 * i]) * pixel - side / 2);
      const top = Math.round(view.y(points[2 * i + 1]) * pixel - side / 2);
      if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
      const [red, green, blue] = inks[tint[i]];
      for (let m = 0; m < mask.length; m++) {
        const strong = clear ? mask[m] : FADED * mask[m];
        if (!strong) continue;
        const at = 4 * ((top + Math.floor(m / side)) * width + left + m % side);
        const under = (1 - strong) * data[at + 3] / 255, whole = strong + under;
        data[at] = (red * strong + data[at] * under) / whole;
        data[at + 1] = (green * strong + data[at + 1] * under) / whole;
        data[at + 2] = (blue * strong + data[at + 2] * under) / whole;
        data[at + 3] = 255 * whole;
      }
    }
  }
  drawing.putImageData(picture, 0, 0);
  context.globalAlpha = strength;
  context.drawImage(sheet, 0, 0, view.width, view.height);
  context.globalAlpha = 1;
}

// Draws thumbnails in place of points: in every cell of a grid over the screen, the first point that lies there.
// Says which point each cell shows.
function drawThumbs(context, view, points, sheet, tint, colours, allowed) {
  const taken = new Map(), across = Math.ceil(view.width / CELL) + 2, size = CELL - 4;
  context.imageSmoothingEnabled = sheet.width > 32;
  for (let i = 0; i < points.length / 2; i++) {
    if (!allowed(i)) continue;
    const x = view.x(points[2 * i]), y = view.y(points[2 * i + 1]);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    const cell = Math.floor(x / CELL) + across * Math.floor(y / CELL);
    if (taken.has(cell)) continue;
    taken.set(cell, i);
    const left = Math.floor(x / CELL) * CELL + 2, top = Math.floor(y / CELL) * CELL + 2;
    drawThumb(context, sheet, i, left, top, size, size * sheet.height / sheet.width);
    context.strokeStyle = colours[tint[i]];
    context.lineWidth = 2;
    context.strokeRect(left, top, size, size * sheet.height / sheet.width);
  }
  return (x, y) => taken.get(Math.floor(x / CELL) + across * Math.floor(y / CELL)) ?? -1;
}

function drawThumb(context, sheet, i, left, top, width, height) {
  const column = i % sheet.across, row = Math.floor(i / sheet.across);
  context.drawImage(sheet.image, column * sheet.width, row * sheet.height, sheet.width, sheet.height, left, top, width, height);
}

// How many points lie where, as a veil: strongest where most do.
function drawDensity(context, view, item, colour) {
  const made = document.createElement("canvas"), { size, box, density } = item;
  made.width = made.height = size;
  const drawing = made.getContext("2d"), pixels = drawing.createImageData(size, size);
  const [red, green, blue] = colour;
  for (let i = 0; i < density.length; i++) pixels.data.set([red, green, blue, density[i]], 4 * i);
  drawing.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = true;
  context.globalAlpha = 0.9;
  const left = view.x(box[0]), top = view.y(box[3]);
  context.drawImage(made, left, top, view.x(box[2]) - left, view.y(box[1]) - top);
  context.globalAlpha = 1;
}

// Decoded codes of a grid over the map, each where its code lies.
function drawGrid(context, view, item, sheet) {
  const { columns, rows, box } = item;
  const width = (view.x(box[2]) - view.x(box[0])) / columns, height = (view.y(box[1]) - view.y(box[3])) / rows;
  context.imageSmoothingEnabled = Math.min(width, height) < sheet.width;
  for (let i = 0; i < columns * rows; i++) {
    const left = view.x(box[0]) + (i % columns) * width, top = view.y(box[3]) + Math.floor(i / columns) * height;
    if (left > view.width || top > view.height || left < -width || top < -height) continue;
    drawThumb(context, sheet, i, left, top, width, height);
  }
}

function ticks(low, high) {
  const raw = (high - low) / 6, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(value => value >= raw);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) found.push(Number(value.toPrecision(6)));
  return found;
}

function drawAxes(context, view, names, colour, ground) {
  context.font = "11px sans-serif";
  const [left, top] = view.place(0, 0), [right, bottom] = view.place(view.width, view.height);
  const write = (text, x, y, align) => {
    context.textAlign = align;
    context.lineWidth = 3;
    context.strokeStyle = ground;
    context.globalAlpha = 0.8;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.globalAlpha = 0.75;
    context.fillText(text, x, y);
  };
  const end = view.width - context.measureText(names[0]).width - 24;
  for (const value of ticks(left, right)) if (view.x(value) > 40 && view.x(value) < end) write(`${value}`, view.x(value), view.height - 6, "center");
  for (const value of ticks(bottom, top)) if (view.y(value) > 20 && view.y(value) < view.height - 24) write(`${value}`, 6, view.y(value) + 4, "left");
  write(names[0], view.width - 6, view.height - 6, "right");
  write(names[1], 6, 14, "left");
  context.globalAlpha = 1;
}

function contains(polygon, x, y) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
    if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
