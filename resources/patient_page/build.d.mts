/** Builds the page into `folder`, which is emptied first. */
export function buildPage(folder: string): Promise<void>;
