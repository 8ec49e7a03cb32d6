/** The relay's stream of frames (docs/protocol.md, 16.11), for whoever bends it on its way. */
export type Bend = (frame: Uint8Array) => readonly Uint8Array[];

/** Puts in the place of each frame those that `bend` gives for it. */
export function bent(bend: Bend): TransformStream<Uint8Array, Uint8Array> {
  let rest = new Uint8Array(0);
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      rest = new Uint8Array(Buffer.concat([rest, chunk]));
      while (rest.length >= 4 && rest.length >= 4 + new DataView(rest.buffer).getUint32(0)) {
        const end = 4 + new DataView(rest.buffer).getUint32(0);
        const frame = rest.slice(0, end);
        rest = rest.slice(end);
        for (const one of bend(frame)) controller.enqueue(one);
      }
    },
  });
}

export const isEnvelope = (frame: Uint8Array): boolean => Buffer.from(frame.subarray(5, 14)).toString() === "\xa8envelope" || Buffer.from(frame).includes("envelope");
