import { locale } from "../words";

const KILO = 1_000;
const MEGA = KILO * KILO;

const inUnit = (unit: string, maximumFractionDigits: number): Intl.NumberFormat => new Intl.NumberFormat(locale(), { style: "unit", unit, maximumFractionDigits });

/** How large a file is, as telephones say it. */
export function sizeText(bytes: number): string {
  return bytes < MEGA ? inUnit("kilobyte", 0).format(Math.ceil(bytes / KILO)) : inUnit("megabyte", 1).format(bytes / MEGA);
}
