/** Which files are shown as pictures: by their first bytes, whatever their sender calls them, and of a size that a telephone can draw. */
type Size = readonly [width: number, height: number];

const text = (bytes: Uint8Array, from: number, length: number): string => String.fromCharCode(...bytes.subarray(from, from + length));

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

const pngSize = (view: DataView): Size => [view.getUint32(16), view.getUint32(20)];
const gifSize = (view: DataView): Size => [view.getUint16(6, true), view.getUint16(8, true)];

const BEGINS_IMAGE = 0xd8;
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** In the first frame header; segments before it are passed over by their lengths. */
function jpegSize(view: DataView): Size {
  let at = 2;
  for (;;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === BEGINS_IMAGE) throw new RangeError("not a JPEG");
    if (FRAMES.has(marker)) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    // A marker may be preceded by any number of 0xff.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
}

function webpSize(view: DataView, kind: string): Size {
  if (kind === "VP8 ") return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  if (kind === "VP8L") return [(view.getUint32(21, true) & 0x3fff) + 1, ((view.getUint32(21, true) >>> 14) & 0x3fff) + 1];
  if (kind !== "VP8X") throw new RangeError("not a WebP");
  const side = (at: number): number => 1 + view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  return [side(24), side(27)];
}

function readHeader(bytes: Uint8Array): readonly [string, Size] | undefined {
  const view = viewOf(bytes);
  if (text(bytes, 0, 8) === "\x89PNG\r\n\x1a\n" && text(bytes, 12, 4) === "IHDR") return ["image/png", pngSize(view)];
  if (text(bytes, 0, 3) === "\xff\xd8\xff") return ["image/jpeg", jpegSize(view)];
  if (["GIF87a", "GIF89a"].includes(text(bytes, 0, 6))) return ["image/gif", gifSize(view)];
  if (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 4) === "WEBP") return ["image/webp", webpSize(view, text(bytes, 12, 4))];
  return undefined;
}

/** A few kilobytes can unfold to gigabytes, and a page that falls over them falls again at each opening. */
const MOST_PIXELS = 40_000_000;

/** A type that browsers show as a picture; undefined for all that is offered to be saved instead, SVG and HTML among it. */
export function pictureType(bytes: Uint8Array): string | undefined {
  try {
    const [type, [width, height]] = readHeader(bytes) ?? ["", [0, 0]];
    return width > 0 && height > 0 && width * height <= MOST_PIXELS ? type : undefined;
  } catch (error) {
    // The header ends too soon.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const KINDS = /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(?:hei|hev|mif1|msf1|avi[fs]))/s;

/** Whatever a telephone or a scanner makes of what it sees, HEIC and TIFF too, of any size: such a file may tell where and when. */
export const isPicture = (bytes: Uint8Array): boolean => KINDS.test(text(bytes, 0, 12));
