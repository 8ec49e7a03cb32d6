/** Characters that no file system takes, and those that nobody sees or that are halves of one: some turn a name round, so that "exe" reads as "jpg". */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;
const LONGEST = 80;

/** A file's name as others gave it, fit to be shown and to be saved under. Its ending is never cut off. */
export function fileName(given: string): string {
  const plain = Array.from(given.replaceAll(UNFIT, "_").trim().replace(/^\.+/, ""));
  return plain.length <= LONGEST ? plain.join("") || "file" : `${plain.slice(0, LONGEST - 13).join("")}…${plain.slice(-12).join("")}`;
}
