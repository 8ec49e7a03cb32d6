/**
 * A photograph as it leaves the phone: drawn anew, so that place, time, camera and whatever else its file carried stay
 * behind, and no larger than a clinic can use.
 */
export interface Photo {
  readonly bytes: Uint8Array;
  readonly mediaType: "image/jpeg";
}

const LONGEST_SIDE = 2_048;
const QUALITY = 0.85;

export class PhotoUnreadable extends Error {
  override readonly name = "PhotoUnreadable";
}

export async function redraw(file: Blob): Promise<Photo> {
  let picture: ImageBitmap;
  try {
    // The orientation is the one thing of its hidden data that is seen: it is applied, then gone.
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new PhotoUnreadable("the browser cannot read it", { cause: error });
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (context === null) throw new PhotoUnreadable("no canvas");
  // A transparent picture would turn black as JPEG.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (drawn === null) throw new PhotoUnreadable("it cannot be drawn");
  return { bytes: new Uint8Array(await drawn.arrayBuffer()), mediaType: "image/jpeg" };
}
