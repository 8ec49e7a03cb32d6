import { expect, test } from "vitest";

import { PhotoUnreadable, redraw } from "../src/photo";
import { pictureType } from "../src/picture";

const PLACE = "N 52.5200 E 13.4050";

async function picture(width: number, height: number, type = "image/jpeg"): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = "#c33";
  context.fillRect(0, 0, width / 2, height);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}

/** A JPEG with an EXIF segment that tells a place and turns the picture by 90 degrees. */
async function exif(): Promise<Uint8Array> {
  const jpeg = await picture(40, 20);
  const text = new TextEncoder().encode(PLACE);
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff, ...text];
  const segment = [0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2)]);
}

const includes = (bytes: Uint8Array, text: string): boolean => new TextDecoder("latin1").decode(bytes).includes(text);

test("nothing of a photo but what is seen leaves the phone", async () => {
  const taken = await exif();
  expect(includes(taken, PLACE)).toBe(true);
  const { bytes, mediaType } = await redraw(new Blob([taken as Uint8Array<ArrayBuffer>]));
  expect(mediaType).toBe("image/jpeg");
  expect(pictureType(bytes)).toBe("image/jpeg");
  expect(includes(bytes, PLACE)).toBe(false);
  expect(includes(bytes, "Exif")).toBe(false);
  const drawn = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  expect([drawn.width, drawn.height]).toEqual([20, 40]);
});

test("a large photo is made as large as a clinic can use", async () => {
  const { bytes } = await redraw(new Blob([(await picture(4_000, 1_000)) as Uint8Array<ArrayBuffer>]));
  const drawn = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  expect([drawn.width, drawn.height]).toEqual([2_048, 512]);
});

test.for(["text", "<svg xmlns='http://www.w3.org/2000/svg'/>", ""])("what is no photo is refused: %s", async (content) => {
  await expect(redraw(new Blob([content]))).rejects.toThrow(PhotoUnreadable);
});
