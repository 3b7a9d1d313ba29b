/** What help is made of: apart from the page, so that its address is read without it. */
export const PARTS = ["courses", "game", "ai", "keys"] as const;
export type Part = (typeof PARTS)[number];
