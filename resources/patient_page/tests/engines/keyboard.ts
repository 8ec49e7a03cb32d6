/** A keyboard, as both protocols that drive a browser know it. */
export function keyboard(text: string): object {
  const actions = Array.from(text).flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
  return { type: "key", id: "keyboard", actions };
}
