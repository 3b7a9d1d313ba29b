import type { Exclusion } from "@/api/types";

/** Where a file stands with what is left out: the exclusion that holds it, its own or that of a folder above. */
export function exclusionOf(path: string, exclusions: readonly Exclusion[]): Exclusion | undefined {
  return exclusions
    .filter((each) => path === each.path || path.startsWith(`${each.path}/`))
    .sort((one, other) => other.path.length - one.path.length)[0];
}
