import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Plugin } from "vite";

const ROUTES = join(import.meta.dirname, "src/routes");
const TEXTS = join(import.meta.dirname, "src/i18n");

/** "/c/$conversation" for src/routes/_app/_ask/c/$conversation.tsx: groups have no place in an address. */
export const addressOf = (route: string): string =>
  `/${route
    .split("/")
    .filter((part) => !/^(_|route$|index$)/.test(part))
    .join("/")}`;

/** The layouts around a route, and itself. */
export const withLayouts = (route: string): string[] =>
  route.split("/").flatMap((_, place, parts) => {
    const upTo = parts.slice(0, place + 1).join("/");
    return [upTo, `${upTo}/route`];
  });

/**
 * Tells the page which files its address will need, so that public/first.js has them fetched together with what every
 * page needs, and not after it.
 */
export const parts = (): Plugin => ({
  name: "parts",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const reach = (files: string[], seen: Set<string>): Set<string> => {
        for (const file of files.filter((one) => !seen.has(one))) {
          seen.add(file);
          reach(named.get(file)?.imports ?? [], seen);
        }
        return seen;
      };
      const first = reach(
        chunks.filter((chunk) => html.includes(chunk.fileName)).map((chunk) => chunk.fileName),
        new Set(),
      );
      const files: string[] = [];
      const pages: Record<string, number[]> = {};
      for (const path of readdirSync(ROUTES, { recursive: true, encoding: "utf8" }).sort()) {
        if (!path.endsWith(".tsx") || /(^__root|\/route)\.tsx$/.test(path)) continue;
        const route = path.slice(0, -".tsx".length);
        const around = withLayouts(route).map((one) => join(ROUTES, `${one}.tsx?tsr-split=component`));
        const own = chunks.filter((chunk) => around.some((one) => chunk.facadeModuleId === one));
        if (own.length === 0) throw new Error(`No file of the build holds the page of ${path}.`);
        const needed = [
          ...reach(
            own.map((chunk) => chunk.fileName),
            new Set(),
          ),
        ].filter((file) => !first.has(file));
        for (const file of needed) if (!files.includes(file)) files.push(file);
        pages[addressOf(route)] = needed.map((file) => files.indexOf(file));
      }
      const languages = Object.fromEntries(
        chunks
          .filter(({ facadeModuleId }) => dirname(facadeModuleId ?? "") === TEXTS)
          .map((chunk) => [basename(chunk.facadeModuleId ?? "", ".json"), files.push(chunk.fileName) - 1]),
      );
      if (Object.keys(languages).length === 0) throw new Error("No file of the build holds texts.");
      const told = JSON.stringify({ files, pages, languages }).replaceAll('"', "&quot;");
      return html.replace('src="/first.js"', () => `src="/first.js" data-parts="${told}"`);
    },
  },
});
