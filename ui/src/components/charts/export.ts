export type Cell = string | number;

/** Texts that a spreadsheet would read as a formula are held back by an apostrophe. */
const held = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/**
 * A table as spreadsheets of a language read it: the French ones part cells by semicolons and write decimals
 * with a comma.
 */
export function csvOf(columns: readonly string[], rows: readonly Cell[][], language: string): string {
  const french = language.startsWith("fr");
  const parts = french ? /[";\n\r]/ : /[",\n\r]/;
  const write = (cell: Cell) => {
    const text =
      typeof cell === "number"
        ? `${Number(cell.toPrecision(9))}`.replace(".", french ? "," : ".")
        : held(cell);
    return parts.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows].map((line) => line.map(write).join(french ? ";" : ","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const saveCsv = (text: string, name: string): void =>
  save(new Blob([text], { type: "text/csv;charset=utf-8" }), `${name}.csv`);

const DRAWN = [
  "fill",
  "stroke",
  "stroke-width",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;
const SCALE = 2;
const HEAD = 34;

/** A drawing of the page as an image of its own: what style sheets say of it is written into it. */
function standalone(drawing: SVGSVGElement, title: string): { text: string; width: number; height: number } {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll("*");
  for (const [place, element] of copy.querySelectorAll("*").entries()) {
    const original = originals[place];
    if (original === undefined) continue;
    const style = getComputedStyle(original);
    for (const name of DRAWN) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  }
  const { width, height } = drawing.getBoundingClientRect();
  const page = getComputedStyle(drawing.closest("figure") ?? drawing);
  const shape = (name: string, attributes: Record<string, string | number>, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, `${value}`);
    made.textContent = text;
    return made;
  };
  const ground = page.backgroundColor;
  copy.prepend(
    shape("rect", { x: 0, y: -HEAD, width, height: height + HEAD, fill: ground }),
    shape("text", { x: 4, y: -12, "font-size": 16, "font-weight": 600, fill: page.color }, title),
  );
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `0 ${-HEAD} ${width} ${height + HEAD}`);
  copy.setAttribute("width", `${width * SCALE}`);
  copy.setAttribute("height", `${(height + HEAD) * SCALE}`);
  copy.setAttribute("font-family", "Helvetica, Arial, sans-serif");
  copy.removeAttribute("class");
  return { text: new XMLSerializer().serializeToString(copy), width, height: height + HEAD };
}

/** Saves a drawing of the page as PNG, with its title, at twice its size. */
export async function savePng(drawing: SVGSVGElement, title: string, name: string): Promise<void> {
  const { text, width, height } = standalone(drawing, title);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    const file = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (file !== null) save(file, `${name}.png`);
  } finally {
    URL.revokeObjectURL(address);
  }
}
