// 400 kbit/s and 0.4 s there and back, WebPageTest's slow 3G. Chromium adds it to each request, and none for opening a connection.
export const SLOW_NETWORK = { offline: false, latency: 400, downloadThroughput: (400 * 1000) / 8, uploadThroughput: (400 * 1000) / 8 };

export const median = (values) => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
