import type { Page } from "@playwright/test";
import { ask, BOTH_THEMES, CURATOR, expectAccessible, PDF_QUESTION, test, UNANSWERABLE } from "./company";

const PAGES: [string, string, (page: Page) => Promise<void>][] = [
  ["the question box", "/", async (page) => page.getByRole("textbox").first().waitFor()],
  [
    "an answer beside its source",
    "/",
    async (page) => {
      await ask(page, PDF_QUESTION);
      await page
        .getByRole("link", { name: /^Source 1/ })
        .first()
        .click();
      await page.getByRole("img", { name: /passage marqué/ }).waitFor();
    },
  ],
  [
    "an answer that was not found",
    "/",
    async (page) => {
      await ask(page, UNANSWERABLE);
      await page.getByText("Je n’ai pas trouvé").waitFor();
    },
  ],
  ["results", "/search?q=télétravail", async (page) => page.locator("[data-hit]").first().waitFor()],
  ["sources", "/sources", async (page) => page.getByRole("article").first().waitFor()],
  ["a ledger", "/sources/1", async (page) => page.getByRole("listitem").first().waitFor()],
  [
    "the thesaurus",
    "/thesaurus",
    async (page) => {
      await page.getByRole("button", { name: "Ajouter une entrée" }).click();
      await page.getByLabel("Une expression des questions").waitFor();
    },
  ],
  [
    "approved answers",
    "/approved-answers",
    async (page) => {
      await page.getByRole("button", { name: "Approuver une réponse" }).click();
      await page.getByLabel("Certains seulement").check();
      await page.getByRole("group", { name: "Groupes" }).waitFor();
    },
  ],
  ["assistants", "/assistants", async (page) => page.getByRole("heading", { level: 2 }).first().waitFor()],
  [
    "an assistant that is being written",
    "/assistants/new?from=email-reply",
    async (page) => page.getByRole("complementary", { name: "Aperçu" }).waitFor(),
  ],
  [
    "what waits of one’s own",
    "/account/held",
    async (page) => page.getByRole("heading", { level: 1 }).waitFor(),
  ],
  ["access requests", "/account/access", async (page) => page.getByLabel("Ce qu’il vous faut").waitFor()],
  ["a comparison", "/compare", async (page) => page.getByLabel("Votre question").waitFor()],
  ["a ranking", "/compare/ranking", async (page) => page.getByLabel("Langue de la réponse").waitFor()],
  [
    "a prompt by a form",
    "/prompts/new",
    async (page) => {
      await page.getByRole("button", { name: "Un formulaire" }).click();
      await page.getByLabel("Formulaire").waitFor();
    },
  ],
  ["keys", "/account/keys", async (page) => page.getByRole("heading", { level: 1 }).waitFor()],
  ["what is to be known of AI", "/help?part=ai", async (page) => page.getByRole("table").waitFor()],
  ["the shortcuts", "/help?part=keys", async (page) => page.locator("kbd").first().waitFor()],
  [
    "an address that leads nowhere",
    "/nowhere",
    async (page) => page.getByRole("heading", { level: 1 }).waitFor(),
  ],
  ["an invitation", "/setup?token=x", async (page) => page.getByRole("heading", { level: 1 }).waitFor()],
];

test("no page has a fault that axe can find, and nothing sticks out @phone", async ({ enter }) => {
  test.setTimeout(180_000);
  for (const [name, address, prepare] of PAGES) {
    await test.step(name, async () => {
      const page = await enter(CURATOR, address);
      await prepare(page);
      await expectAccessible(page, BOTH_THEMES);
    });
  }
});

test("the sign-in page has no fault that axe can find", async ({ enter }) => {
  const page = await enter(null);
  await page.getByLabel("Identifiant").waitFor();
  await expectAccessible(page, BOTH_THEMES);
});
