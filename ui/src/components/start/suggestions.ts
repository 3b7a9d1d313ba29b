/** Titles that would read well in a question: short, of letters, none that says the same as another. */
export function telling(titles: readonly string[], most: number): string[] {
  const seen = new Set<string>();
  const good: string[] = [];
  for (const written of titles) {
    const title = written.trim().replace(/\s+/g, " ");
    const key = title.toLocaleLowerCase();
    const letters = title.match(/\p{L}/gu)?.length ?? 0;
    if (title.length > 70 || letters < 6 || letters < title.length * 0.6 || /[«»“”_]|\.\w{2,4}$/.test(title))
      continue;
    if (seen.has(key)) continue;
    seen.add(key);
    good.push(title);
    if (good.length === most) break;
  }
  return good;
}
