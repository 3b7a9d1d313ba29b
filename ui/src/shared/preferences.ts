/** Choices of this browser that are no secret: language and theme. Storage may be closed. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`centaure.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(`centaure.${name}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
