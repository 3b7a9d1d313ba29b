import type { FormField } from "@/api/types";

const PLACEHOLDER = /\{([a-z][a-z0-9_]{0,39})\}/g;

/** The values of a form by the names of its fields. */
export type Values = Record<string, string>;

/**
 * The prompt that a filled form makes, as the server makes it: a line whose fields are all empty is left out, and
 * nothing that somebody typed is read again.
 */
export function filled(
  template: string,
  fields: readonly Pick<FormField, "name" | "kind">[],
  values: Values,
) {
  const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
  const given = (name: string): string => {
    const value = (values[name] ?? "").replaceAll("\r\n", "\n").trim();
    return kinds.get(name) === "text" ? value : value.split(/\s+/).join(" ");
  };
  const lines = template.split("\n").flatMap((line) => {
    const names = [...line.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
    if (names.length > 0 && !names.some(given)) return [];
    return [line.replace(PLACEHOLDER, (_, name: string) => given(name)).trimEnd()];
  });
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** The names that stand in a template. */
export const namesIn = (template: string): string[] => [
  ...new Set([...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name)),
];

/** Whether a form can be sent: nothing that it requires is empty. */
export const isComplete = (
  fields: readonly Pick<FormField, "name" | "required">[],
  values: Values,
): boolean => fields.every(({ name, required }) => !required || (values[name] ?? "").trim() !== "");

/** A name for a field, from its label, that no other field has. */
export function nameFor(label: string, taken: readonly string[]): string {
  const plain = label
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 30);
  const base = plain || "field";
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}
