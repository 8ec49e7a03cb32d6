/** What a patient chose to send, as it would leave the phone. */
import { fileName } from "./file_name";
import { type Photo, PhotoUnreadable, redraw } from "./photo";
import { isPicture } from "./picture";
import { toUtf8 } from "./protocol/encoding";
import { FILE, NAME } from "./protocol/limits";

export interface Chosen {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mediaType: string;
  readonly isPhoto: boolean;
}

export class Unsendable extends Error {
  override readonly name = "Unsendable";

  constructor(
    readonly why: "unreadable" | "large" | "empty",
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

const photo = ({ bytes, mediaType }: Photo): Chosen => ({ bytes, mediaType, name: "photo.jpg", isPhoto: true });

/** As long as the protocol allows. What is cut is cut before the ending. */
function sentName(given: string): string {
  const signs = Array.from(fileName(given));
  while (toUtf8(signs.join("")).length > NAME.value) signs.splice(-14, 1);
  return signs.join("");
}

const typeOf = (given: string): string => (given.length <= NAME.value && /^[\w.+-]+\/[\w.+-]+$/.test(given) ? given : "application/octet-stream");

async function read(file: File): Promise<Chosen> {
  if (file.type.startsWith("image/")) return photo(await redraw(file));
  if (file.size > FILE.value) throw new Unsendable("large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new Unsendable("empty");
  // Whatever it is called, and where the browser knows no type for it: a photo carries what photos carry.
  if (isPicture(bytes)) return photo(await redraw(file));
  return { bytes, name: sentName(file.name), mediaType: typeOf(file.type), isPhoto: false };
}

/** A photo is drawn anew; any other file goes as it is. Throws Unsendable. */
export async function prepare(file: File): Promise<Chosen> {
  try {
    return await read(file);
  } catch (error) {
    // A file that another program took away meanwhile is a DOMException.
    if (error instanceof PhotoUnreadable || error instanceof DOMException) throw new Unsendable("unreadable", error);
    throw error;
  }
}
