// What hands do to a comparison: pointers, the wheel, and keys.
const NUDGE = 40, NOTCH = 50;

function handle(compare) {
  const { canvas, knob, stage, view } = compare, fingers = new Map();
  let gap = 0, sliding = false;
  const at = event => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [[ax, ay], [bx, by]] = [...fingers.values()];
    return [Math.hypot(ax - bx, ay - by), (ax + bx) / 2, (ay + by) / 2];
  };
  const within = (x, y) => compare.within(x, y);
  const capture = (element, event) => {
    try { element.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
  };

  canvas.onpointerdown = event => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, at(event));
    capture(canvas, event);
    if (fingers.size === 2) { gap = spread()[0]; sliding = false; return; }
    sliding = compare.mode === "slider" && !view.zoomed;
    if (sliding) compare.slideTo(at(event)[0]);
    if (compare.mode === "lens") compare.lookAt(...at(event));
  };

  canvas.onpointermove = event => {
    const [x, y] = at(event), last = fingers.get(event.pointerId);
    if (compare.mode === "lens" && fingers.size < 2 && (!last || !view.zoomed)) compare.lookAt(x, y);
    if (!last) return;
    fingers.set(event.pointerId, [x, y]);
    if (fingers.size === 2) {
      const [now, middleX, middleY] = spread();
      if (gap > 0) compare.zoom(now / gap, ...within(middleX, middleY));
      gap = now;
    } else if (sliding) compare.slideTo(x);
    else if (view.zoomed) {
      stage.classList.add("dragging");
      compare.pan(x - last[0], y - last[1]);
      if (compare.mode === "lens") compare.lookAt(x, y);
    }
  };

  const lift = event => {
    fingers.delete(event.pointerId);
    if (!fingers.size) { stage.classList.remove("dragging"); sliding = false; }
  };
  canvas.onpointerup = lift;
  canvas.onpointercancel = lift;
  canvas.onpointerleave = event => { if (!fingers.size && event.pointerType === "mouse") compare.lookAt(null); };
  canvas.ondblclick = event => {
    const factor = view.zoomed ? view.least / view.scale : Math.max(2 / view.pixel, view.step(true) * view.scale) / view.scale;
    compare.zoom(factor, ...within(...at(event)));
  };

  stage.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey && canvas.getRootNode().activeElement !== canvas) {
      compare.tell("Click the picture, or hold Ctrl, to zoom with the wheel", 1500);
      return;
    }
    event.preventDefault();
    const pinch = event.ctrlKey && Math.abs(event.deltaY) < NOTCH; // a touchpad's: many small steps
    compare.zoom(Math.exp(-event.deltaY * (pinch ? 0.01 : 0.0018)), ...within(...at(event)));
  }, { passive: false });

  canvas.onkeydown = event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own
    const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way && view.zoomed) compare.pan(...way.map(value => value * NUDGE));
    else if (event.key === "+" || event.key === "=") compare.zoom(view.step(true));
    else if (event.key === "-") compare.zoom(view.step(false));
    else if (event.key === "0") compare.zoom(view.least / view.scale);
    else return;
    event.preventDefault();
  };

  knob.onpointerdown = event => { if (event.button === 0) { capture(knob, event); compare.slideTo(at(event)[0]); } };
  knob.onpointermove = event => { if (event.buttons) compare.slideTo(at(event)[0]); };
  knob.onkeydown = event => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const share = { ArrowLeft: compare.share - step, ArrowDown: compare.share - step, ArrowRight: compare.share + step,
      ArrowUp: compare.share + step, Home: 0, End: 1 }[event.key];
    if (share === undefined) return;
    compare.slide(share);
    event.preventDefault();
  };
}
