/** Round numbers from 0 to a little above the highest, four or five of them; `whole` of what is counted. */
export function ticks(highest: number, whole = false): number[] {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const step = whole ? Math.ceil(round) : round;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, place) => Number((place * step).toPrecision(12)));
}

/** Which of some labels are written where only so many have room: the first, and then at even steps. */
export const shown = (count: number, room: number): ((place: number) => boolean) => {
  const step = Math.max(1, Math.ceil(count / Math.max(1, room)));
  return (place) => place % step === 0;
};

/** What fits of a text in so many pixels, with letters of a usual width. */
export function fitting(text: string, width: number, letter = 7): string {
  const room = Math.max(1, Math.floor(width / letter));
  const letters = Array.from(text);
  return letters.length <= room ? text : `${letters.slice(0, room - 1).join("")}…`;
}
