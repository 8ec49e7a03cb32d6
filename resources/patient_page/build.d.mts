/** Builds the page into `folder`, which is emptied first. */
export function buildPage(folder: string, clinic?: string): Promise<void>;
