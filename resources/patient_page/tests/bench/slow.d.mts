export const SLOW_NETWORK: { readonly offline: boolean; readonly latency: number; readonly downloadThroughput: number; readonly uploadThroughput: number };
export function median(values: readonly number[]): number;
