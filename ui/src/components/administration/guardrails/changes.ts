export interface Change {
  /** Where, such as `checks.attack.at`. */
  path: string;
  before: string;
  after: string;
}

type Json = unknown;

const isTree = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const written = (value: Json): string =>
  value === undefined || value === null
    ? "–"
    : Array.isArray(value)
      ? value.map(written).sort().join(", ") || "–"
      : `${value}` || "–";

/** What differs between two policies, field by field. */
export function changes(before: Json, after: Json, path = ""): Change[] {
  if (isTree(before) || isTree(after)) {
    const [one, other] = [isTree(before) ? before : {}, isTree(after) ? after : {}];
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return names.flatMap((name) => changes(one[name], other[name], path ? `${path}.${name}` : name));
  }
  const [one, other] = [written(before), written(after)];
  return one === other ? [] : [{ path, before: one, after: other }];
}
