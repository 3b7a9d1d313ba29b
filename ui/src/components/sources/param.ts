import { notFound } from "@tanstack/react-router";

/** The number of a source in an address. */
export const sourceParam = {
  parse: ({ source }: { source: string }) => {
    if (!/^[1-9]\d{0,9}$/.test(source)) throw notFound();
    return { source: Number(source) };
  },
  stringify: ({ source }: { source: number }) => ({ source: String(source) }),
};
