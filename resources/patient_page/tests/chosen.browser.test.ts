import { expect, test } from "vitest";

import { prepare } from "../src/chosen";
import { toUtf8 } from "../src/protocol/encoding";
import { NAME } from "../src/protocol/limits";

const named = (name: string, type = "application/pdf"): Promise<{ readonly name: string; readonly mediaType: string }> => prepare(new File(["%PDF"], name, { type }));

test.for([
  ["results.pdf", "results.pdf"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["gnp\u202Efdp.exe", "gnp_fdp.exe"],
] as const)("%j leaves under the name %j", async ([given, sent]) => {
  expect((await named(given)).name).toBe(sent);
});

test.for(["x", "é", "日", "💊"])("a name of many %s is as long as a name may be, and keeps its ending", async (sign) => {
  const { name } = await named(`${sign.repeat(300)}.pdf`);
  expect(toUtf8(name).length).toBeLessThanOrEqual(NAME.value);
  expect(name.endsWith(`${sign}.pdf`)).toBe(true);
});

test.for(["", "text/html\r\nx: y", "a/b/c", `application/${"x".repeat(300)}`])("the type %j is said as none", async (type) => {
  expect((await named("x", type)).mediaType).toBe("application/octet-stream");
});

test("a photo that is called a letter is drawn anew all the same", async () => {
  const canvas = new OffscreenCanvas(20, 10);
  canvas.getContext("2d")?.fillRect(0, 0, 9, 9);
  const taken = new File([await canvas.convertToBlob(), "N 52.52 E 13.40"], "letter.pdf", { type: "application/pdf" });
  const { bytes, name, mediaType, isPhoto } = await prepare(taken);
  expect([name, mediaType, isPhoto]).toEqual(["photo.jpg", "image/jpeg", true]);
  expect(new TextDecoder("latin1").decode(bytes)).not.toContain("N 52.52");
});

test.for([
  ["HEIC", "\0\0\0\x18ftypheic\0\0\0\0"],
  ["HEIF", "\0\0\0\x18ftypmif1\0\0\0\0"],
  ["AVIF", "\0\0\0\x18ftypavif\0\0\0\0"],
  ["TIFF of one kind", "II*\0\x08\0\0\0"],
  ["TIFF of the other", "MM\0*\0\0\0\x08"],
  ["JPEG of more than can be shown", "\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff"],
] as const)("%s that nobody named as one, and that cannot be drawn anew, does not leave as it is", async ([, content]) => {
  const bytes = Uint8Array.from(`${content} N 52.52 E 13.40`, (sign) => sign.charCodeAt(0));
  await expect(prepare(new File([bytes], "scan.pdf"))).rejects.toMatchObject({ name: "Unsendable", why: "unreadable" });
});

test.for(["%PDF-1.7", "II*x and then", "GIF", "\0\0\0\x18ftypisom"])("%j is no picture, and leaves as it is", async (content) => {
  const { isPhoto, bytes } = await prepare(new File([content], "letter"));
  expect([isPhoto, new TextDecoder().decode(bytes)]).toEqual([false, content]);
});
