// Arrays that maps draw from: they come in an element of their own, so that a click does not send them again.
const MOST = 24;
const shelf = (globalThis.latentShelf ??= { items: new Map(), waiting: new Set() });
const KINDS = { f4: Float32Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array };

function unpack(bytes) {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  const item = { ...head.values };
  for (const { name, kind, offset, length } of head.arrays) {
    const raw = bytes.slice(start + offset, start + offset + length);
    item[name] = new KINDS[kind](raw.buffer);
  }
  return [head.id, item];
}

export default function ({ data }) {
  if (!(data instanceof Uint8Array)) return;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const { id } = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  const known = shelf.items.get(id);
  if (known) { shelf.items.delete(id); shelf.items.set(id, known); return; } // what is in use goes last
  shelf.items.set(...unpack(data));
  while (shelf.items.size > MOST) shelf.items.delete(shelf.items.keys().next().value);
  for (const told of [...shelf.waiting]) told(id);
}
