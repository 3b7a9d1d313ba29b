import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

/** People of the sample company: what each may read differs. */
export const LEA = "lea.fontanier";
export const HUGO = "hugo.vasseret";
export const CURATOR = "marc.tessandier";
export const ADMINISTRATOR = "sylvie.arnoult";
/** Reads three public documents, which everybody else reads too. */
export const CONTRACTOR = "oscar.delmas";

/** Answered for Léa from a PDF, on its first page. */
export const PDF_QUESTION = "Quel est le montant de la prime d'intéressement à la cible ?";
/** Answered for everybody from a text document, otherwise for a manager. */
export const SHARED_QUESTION = "Quel est le plafond de remboursement d'un repas en déplacement ?";
/** Answered from a public document, in words that can be taken for a commitment. */
export const COMMITTING = "À quel poste signaler un presque-accident ?";
export const UNANSWERABLE = "Quelle est la couleur des trottinettes de la filiale de Valparaiso ?";

/** Passwords by login, given by whoever started the server. */
const accounts: Record<string, string> = JSON.parse(process.env.CENTAURE_DEMO_ACCOUNTS ?? "{}");

export function passwordOf(login: string): string {
  const password = accounts[login];
  if (password === undefined) throw new Error(`CENTAURE_DEMO_ACCOUNTS has no password for ${login}.`);
  return password;
}

interface Watch {
  /** Opens a page as somebody who signed in before; null is nobody. */
  enter: (login: string | null, address?: string) => Promise<Page>;
}

/** Cookies of one sign-in per person and worker: signing in again and again is what the throttle is against. */
export const test = base.extend<Watch, { signedIn: Map<string, Cookie[]> }>({
  signedIn: [
    // biome-ignore lint/correctness/noEmptyPattern: the form that Playwright reads.
    async ({}, use) => use(new Map()),
    { scope: "worker" },
  ],
  enter: async ({ page, context, baseURL, signedIn }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
    });
    page.on("request", (request) => {
      const address = request.url();
      if (!address.startsWith(baseURL ?? "") && !/^(data|blob):/.test(address))
        faults.push(`outside: ${address}`);
    });
    await use(async (login, address = "/") => {
      if (login !== null) {
        let cookies = signedIn.get(login);
        if (cookies === undefined) {
          const answer = await context.request.post("/api/v1/session", {
            data: { login, password: passwordOf(login) },
          });
          expect(answer.ok(), `${login} signs in`).toBe(true);
          cookies = await context.cookies();
          signedIn.set(login, cookies);
        }
        await context.addCookies(cookies);
      }
      await page.goto(address);
      return page;
    });
    expect(faults, "no script error, no breach of the content policy, no request to outside").toEqual([]);
  },
});

type Cookie = Parameters<ReturnType<Page["context"]>["addCookies"]>[0][number];

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Votre question" }).fill(question);
  // While an answer is being written, Enter leaves the next question where it is.
  await expect(page.getByRole("button", { name: "Demander", exact: true })).toBeEnabled();
  await page.keyboard.press("Enter");
}

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
export const BOTH_THEMES = ["dark", "light"] as const;

/** No fault that axe can find, and nothing sticks out. */
export async function expectAccessible(
  page: Page,
  themes: readonly ("dark" | "light")[] = ["light"],
): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    // Colours are measured at rest, not half-way through an entrance.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
    // Of one page in two themes, colours are all that differs.
    const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
    const { violations } = await (colorScheme === themes[0]
      ? axe.withTags(LEVELS)
      : axe.withRules("color-contrast")
    ).analyze();
    expect(
      violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map((node) => node.target) })),
      colorScheme,
    ).toEqual([]);
  }
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    "fits its width",
  ).toBe(true);
}

export { expect } from "@playwright/test";
