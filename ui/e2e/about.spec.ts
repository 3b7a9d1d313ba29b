import type { Locator, Page } from "@playwright/test";
import { asAdministrator } from "./administrator";
import { ask, expect, expectAccessible, HUGO, LEA, PDF_QUESTION, SHARED_QUESTION, test } from "./company";

const scope = (page: Page): Locator => page.getByRole("region", { name: "Documents interrogés" });
const again = (page: Page): Locator => page.getByRole("button", { name: "Refaire", exact: true });

/** Asks and waits for the end of the answer. */
async function asked(page: Page, question: string): Promise<Locator> {
  const before = await page.getByRole("article").count();
  await ask(page, question);
  const article = page.getByRole("article").nth(before);
  await expect(article.getByRole("button", { name: "Refaire", exact: true })).toBeVisible();
  return article;
}

test("documents chosen among the results are the only ones asked, until they are taken off @phone", async ({
  enter,
}) => {
  const page = await enter(LEA, "/search?q=remboursement repas déplacement");
  const hits = page.getByRole("list", { name: "Résultats" }).locator(":scope > li");
  await expect(hits.first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Interroger ces \d+ documents$/ })).toBeVisible();
  for (const place of [0, 1]) await hits.nth(place).getByRole("checkbox").press("Space");
  await expect(page.getByText("2 documents choisis")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Les interroger" }).press("Enter");

  await expect(page).toHaveURL(/\/c\/\d+/);
  await expect(scope(page).getByRole("listitem")).toHaveCount(2);
  await expectAccessible(page);
  const first = await asked(page, PDF_QUESTION);
  await expect(first).toContainText("Je n’ai pas trouvé");
  await expect(first).toContainText("n’interroge que quelques documents");
  await page.reload();
  await expect(scope(page).getByRole("listitem")).toHaveCount(2);
  await expectAccessible(page);
  await again(page).click();
  await expect(page.getByRole("group", { name: "Versions de la réponse" })).toContainText("2 / 2");
  await expect(page.getByRole("article")).toContainText("Je n’ai pas trouvé");

  await scope(page)
    .getByRole("button", { name: /^Retirer / })
    .first()
    .press("Enter");
  await expect(scope(page)).toContainText("Seul ce document est interrogé");
  await expect(scope(page).getByRole("button", { name: /^Retirer / })).toHaveCount(0);
  await page.reload();
  await expect(scope(page).getByRole("listitem")).toHaveCount(1);
  await scope(page).getByRole("button", { name: "Tout interroger" }).press("Enter");
  await expect(scope(page)).toHaveCount(0);
  await again(page).click();
  await expect(page.getByRole("article")).toContainText("1 150 euros");
});

test("all that is shown is asked about, and who it is shared with sees what they may read of that", async ({
  enter,
  context,
}) => {
  const page = await enter(LEA, "/search?q=plafond remboursement repas");
  await page.getByRole("button", { name: /^Interroger ces \d+ documents$/ }).click();
  await expect(scope(page)).toContainText(/Seuls ces \d+ documents sont interrogés/);
  const own = await scope(page).getByRole("listitem").count();
  await expect(await asked(page, SHARED_QUESTION)).toContainText("22 euros");
  const csrf = (await (await page.request.get("/api/v1/session")).json()).csrf_token;
  const id = page.url().split("/").at(-1);
  await page.request.put(`/api/v1/conversations/${id}/shares`, {
    headers: { "x-csrf-token": csrf },
    data: { users: [HUGO] },
  });
  await context.clearCookies();
  await enter(HUGO, `/c/${id}`);
  await expect(scope(page)).toBeVisible();
  expect(await scope(page).getByRole("listitem").count()).toBeLessThanOrEqual(own);
  await expect(scope(page).getByRole("button")).toHaveCount(0);
  await expectAccessible(page);
});

const NAMES = ["he", "vav"].map((name) => `${name}-${Date.now()}`);

test.describe("an answer again by another model", () => {
  let models: number[] = [];

  test.beforeAll(async ({ browser }, { project }) => {
    models = await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      const added: number[] = [];
      for (const name of NAMES)
        added.push((await act<{ id: number }>("post", "/models", { name, kind: "extractive" })).id);
      return added;
    });
  });

  test.afterAll(async ({ browser }, { project }) => {
    await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      for (const id of models) await act("delete", `/models/${id}`);
    });
  });

  test("names who wrote it, beside the one before @phone", async ({ enter }) => {
    test.setTimeout(120_000);
    const page = await enter(LEA);
    await asked(page, SHARED_QUESTION);
    const other = page.getByRole("button", { name: "Répondre avec un autre modèle" });
    await expect(async () => {
      await page.reload();
      await expect(other).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    for (const [place, name] of NAMES.entries()) {
      await other.press("Enter");
      const choice = page.getByRole("menuitem", { name });
      await expect(choice).toBeVisible();
      if (place === 0) await expectAccessible(page);
      await choice.click();
      await expect(page.getByText(new RegExp(`^Rédigé par ${name} \\(simulé\\)`))).toBeVisible({
        timeout: 30_000,
      });
    }
    const answers = page.getByRole("group", { name: "Versions de la réponse" });
    await expect(answers).toContainText("3 / 3");
    await answers.getByRole("button", { name: "Version précédente" }).click();
    await expect(page.getByText(new RegExp(`^Rédigé par ${NAMES[0]}`))).toBeVisible();
  });
});
