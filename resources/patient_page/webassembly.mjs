// Leaves out of a WebAssembly module what its kept exports cannot reach: https://webassembly.github.io/spec/core/binary/.
// A function keeps its number and, if it is left in, every byte of its body; one that is left out traps.

const [FUNCTION_IMPORT, IMPORTS, EXPORTS, ELEMENTS, CODE, CUSTOM] = [0, 2, 7, 9, 10, 0];
const TRAP = Buffer.from([3, 0, 0x00, 0x0b]);

class Reader {
  constructor(bytes, at = 0) {
    [this.bytes, this.at] = [bytes, at];
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error("the WebAssembly is cut");
    return this.bytes[this.at++];
  }

  /** LEB128, whose value is right as far as it is unsigned: of the signed ones only the length matters here. */
  number() {
    let [value, shift, next] = [0, 1, 0];
    do {
      next = this.byte();
      value += (next & 0x7f) * shift;
      shift *= 128;
    } while (next >= 0x80);
    return value;
  }

  skip(numbers) {
    for (let left = numbers; left > 0; left -= 1) this.number();
  }

  take(length) {
    this.at += length;
    if (this.at > this.bytes.length) throw new Error("the WebAssembly is cut");
    return this.bytes.subarray(this.at - length, this.at);
  }

  many(read) {
    return Array.from({ length: this.number() }, () => read(this));
  }
}

function leb(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

const vector = (parts) => Buffer.concat([leb(parts.length), ...parts]);

/** How many numbers follow an instruction, by its code; those that are not plain numbers are in `callees`. */
function operands(code) {
  if (code === 0x3f || code === 0x40 || code === 0x41 || code === 0x42) return 1; // memory.size and .grow, constants
  if (code >= 0x02 && code <= 0x04) return 1; // block, loop, if
  if (code === 0x0c || code === 0x0d || (code >= 0x20 && code <= 0x26)) return 1; // br, br_if, variables, tables
  if (code === 0x11 || (code >= 0x28 && code <= 0x3e)) return 2; // call_indirect, loads and stores
  if (code <= 0x01 || code === 0x05 || code === 0x0b || code === 0x0f || code === 0x1a || code === 0x1b) return 0;
  if (code >= 0x45 && code <= 0xc4) return 0; // arithmetic
  throw new Error(`WebAssembly's instruction ${code.toString(16)} is not known here`);
}

const BULK = new Map([[8, 2], [9, 1], [10, 2], [11, 1], [12, 2], [13, 1], [14, 2], [15, 1], [16, 1], [17, 1]]);

/** The functions that a body calls. */
function callees(body) {
  const reader = new Reader(body);
  reader.number();
  reader.many((locals) => [locals.number(), locals.byte()]);
  const found = [];
  while (reader.at < body.length) {
    const code = reader.byte();
    if (code === 0x10 || code === 0xd2) found.push(reader.number());
    else if (code === 0x0e) reader.skip(reader.number() + 1); // br_table
    else if (code === 0x43 || code === 0x44) reader.take(code === 0x43 ? 4 : 8);
    else if (code === 0xfc) {
      const bulk = reader.number();
      reader.skip(bulk < 8 ? 0 : BULK.get(bulk));
    } else reader.skip(operands(code));
  }
  return found;
}

function sectionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.at < bytes.length) sections.push({ id: reader.byte(), content: reader.take(reader.number()) });
  return sections.filter(({ id }) => id !== CUSTOM);
}

/** Function pointers: whoever is in a table may be called from anywhere. Segments of the simplest kind, or an error. */
function pointed(content) {
  const segments = new Reader(content).many((reader) => {
    if (reader.number() !== 0 || reader.byte() !== 0x41) throw new Error("WebAssembly's table is filled in a way that is not known here");
    reader.skip(1);
    reader.byte();
    return reader.many((one) => one.number());
  });
  return segments.flat();
}

function importedFunctions(content) {
  const kinds = new Reader(content).many((reader) => {
    reader.take(reader.number());
    reader.take(reader.number());
    const kind = reader.byte();
    if (kind !== FUNCTION_IMPORT) throw new Error("WebAssembly imports more than functions");
    return reader.number();
  });
  return kinds.length;
}

const exportsOf = (content) =>
  new Reader(content).many((reader) => {
    const start = reader.at;
    const name = Buffer.from(reader.take(reader.number())).toString();
    const [kind, index] = [reader.byte(), reader.number()];
    return { name, kind, index, bytes: content.subarray(start, reader.at) };
  });

const bodiesOf = (content) =>
  new Reader(content).many((reader) => {
    const start = reader.at;
    reader.take(reader.number());
    return content.subarray(start, reader.at);
  });

function reachable(roots, bodies, imported) {
  const [reached, waiting] = [new Set(), [...roots]];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (index < imported || reached.has(index)) continue;
    reached.add(index);
    waiting.push(...callees(bodies[index - imported]));
  }
  return reached;
}

/** `names`: the exports to keep. */
export function pruned(bytes, names) {
  const sections = sectionsOf(bytes);
  const of = (wanted) => sections.find(({ id }) => id === wanted)?.content ?? Buffer.from([0]);
  const [imported, bodies] = [importedFunctions(of(IMPORTS)), bodiesOf(of(CODE))];
  const kept = exportsOf(of(EXPORTS)).filter(({ name, kind }) => kind !== 0 || names.has(name));
  const roots = [...kept.filter(({ kind }) => kind === 0).map(({ index }) => index), ...pointed(of(ELEMENTS))];
  const reached = reachable(roots, bodies, imported);
  const changed = new Map([
    [EXPORTS, vector(kept.map((one) => one.bytes))],
    [CODE, vector(bodies.map((body, i) => (reached.has(i + imported) ? body : TRAP)))],
  ]);
  const written = sections.map(({ id, content }) => {
    const now = changed.get(id) ?? content;
    return Buffer.concat([Buffer.from([id]), leb(now.length), now]);
  });
  const smaller = Buffer.concat([bytes.subarray(0, 8), ...written]);
  if (!WebAssembly.validate(smaller)) throw new Error("what is left of the WebAssembly does not hold together");
  return smaller;
}
