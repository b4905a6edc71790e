// A detail at full resolution: it comes in an element of its own, so that the overview need not travel again.
const MOST = 4;
const shelf = (globalThis.compareShelf ??= { looks: new Map(), waiting: new Set() });

export default function ({ data }) {
  if (!data || shelf.looks.get(data.id)?.name === data.name) return;
  const loaded = source => { const image = new Image(); image.src = source; return image.decode().then(() => image); };
  Promise.all([loaded(data.result), data.before ? loaded(data.before) : null]).then(([result, before]) => {
    const { id, name, left, top, width, height } = data;
    shelf.looks.delete(id);
    shelf.looks.set(id, { name, left, top, width, height, result, before });
    while (shelf.looks.size > MOST) shelf.looks.delete(shelf.looks.keys().next().value);
    for (const told of [...shelf.waiting]) told(id);
  }, () => {});
}
