import { expect, test } from "vitest";

import { fileName } from "../src/file_name";

test.for([
  ["half \uD83D.pdf", "half _.pdf"],
  ["report.pdf", "report.pdf"],
  ["Informe de análisis (2).pdf", "Informe de análisis (2).pdf"],
  ["photo\u202Egpj.exe", "photo_gpj.exe"],
  ["../../.bashrc", "_.._.bashrc"],
  ["..\\..\\win.ini", "_.._win.ini"],
  ["a\0b\nc\u2028d.txt", "a_b_c_d.txt"],
  ['<img src=x onerror="x">', "_img src=x onerror=_x__"],
  ["", "file"],
  ["...", "file"],
  ["  ", "file"],
] as const)("%j is saved as %j", ([given, fit]) => {
  expect(fileName(given)).toBe(fit);
});

test("a long name is cut within, and keeps its ending", () => {
  const fit = fileName(`${"😀".repeat(500)}.jpg.exe`);
  expect(Array.from(fit)).toHaveLength(80);
  expect(fit.endsWith(".jpg.exe")).toBe(true);
  expect(fit.startsWith("😀".repeat(67))).toBe(true);
});
