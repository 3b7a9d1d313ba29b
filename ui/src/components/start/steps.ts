/** The steps of a first run, in their order: apart from the page, so that its address is read without it. */
export const STEPS = ["model", "folder", "question"] as const;
export type Step = (typeof STEPS)[number];
