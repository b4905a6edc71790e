// What hands do to a map: pointers, the wheel, and keys.
function handle(map) {
  const { over, stage } = map, fingers = new Map();
  let start = null, gap = 0;
  const at = event => {
    const box = over.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [[ax, ay], [bx, by]] = [...fingers.values()];
    return [Math.hypot(ax - bx, ay - by), (ax + bx) / 2, (ay + by) / 2];
  };
  const lift = event => {
    if (!fingers.delete(event.pointerId)) return null;
    over.classList.remove("dragging");
    const was = start;
    if (!fingers.size) start = null;
    return was;
  };

  over.onpointerdown = event => {
    if (event.button !== 0) return;
    map.keys = false;
    over.focus({ preventScroll: true });
    stage.classList.remove("keys");
    map.keys = false;
    fingers.set(event.pointerId, at(event));
    try { over.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
    if (fingers.size === 2) { gap = spread()[0]; start = { moved: true }; map.line = null; return; }
    start = { place: at(event), moved: false };
    if (map.lassoing || event.shiftKey) map.line = [at(event)];
    map.showTip(-1);
  };

  over.onpointermove = event => {
    const [x, y] = at(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType !== "touch") map.showTip(map.near(x, y), x, y);
      return;
    }
    const [lastX, lastY] = fingers.get(event.pointerId);
    fingers.set(event.pointerId, [x, y]);
    if (fingers.size === 2) {
      const [now, middleX, middleY] = spread();
      if (gap > 0) map.zoom(now / gap, middleX, middleY);
      gap = now;
      return;
    }
    if (!start || fingers.size > 2) return;
    if (!start.moved && Math.hypot(x - start.place[0], y - start.place[1]) < MOVED) return;
    start.moved = true;
    if (map.line) { map.line.push([x, y]); map.remark(); return; }
    over.classList.add("dragging");
    map.pan(x - lastX, y - lastY);
  };

  over.onpointerup = event => {
    const was = lift(event), { line } = map;
    if (!was) return;
    if (line) {
      map.line = null;
      map.setLasso(false);
      map.gather(line);
    } else if (!was.moved) map.pick(...at(event));
  };

  over.onpointercancel = event => { lift(event); map.line = null; map.remark(); };
  over.onpointerleave = () => { if (!fingers.size) map.showTip(-1); };
  over.ondblclick = event => { event.preventDefault(); };

  over.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey && map.root.getRootNode().activeElement !== over) {
      map.tell("Click the map, or hold Ctrl, to zoom with the wheel");
      clearTimeout(map.hinting);
      map.hinting = setTimeout(() => map.tell(""), 1500);
      return;
    }
    event.preventDefault();
    map.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0018)), ...at(event));
    map.showTip(-1);
  }, { passive: false });

  over.onfocus = () => {
    if (fingers.size || !over.matches(":focus-visible")) return;
    map.keys = true;
    stage.classList.add("keys");
    map.cursor ??= [map.view.width / 2, map.view.height / 2];
    map.remark();
  };
  over.onblur = () => { map.keys = false; stage.classList.remove("keys"); map.showTip(-1); };

  over.onkeydown = event => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const step = NUDGE * (event.shiftKey ? 4 : 1), room = [map.view.width, map.view.height];
      const from = map.cursor ?? room.map(length => length / 2);
      map.cursor = from.map((value, axis) => Math.min(room[axis] - 1, Math.max(1, value + step * way[axis])));
      map.keys = true;
      const near = map.near(...map.cursor), [x, y] = map.view.place(...map.cursor);
      map.showTip(near, ...map.cursor);
      map.said.textContent = near >= 0 ? map.words(near) : `${x.toPrecision(3)}, ${y.toPrecision(3)}`;
    } else if (event.key === "Enter" || event.key === " ") {
      if (map.cursor) map.pick(...map.cursor);
    } else if (event.key === "+" || event.key === "=") map.zoom(1.5, ...(map.cursor ?? []));
    else if (event.key === "-") map.zoom(1 / 1.5, ...(map.cursor ?? []));
    else if (event.key === "0") map.whole();
    else if (event.key === "Escape") {
      map.setLasso(false);
      map.line = null;
      map.showTip(-1);
      if (map.chosen.lassoed.length) map.gather([]);
    } else return;
    event.preventDefault();
  };
}
