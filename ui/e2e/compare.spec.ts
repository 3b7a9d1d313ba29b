import { asAdministrator } from "./administrator";
import { COMMITTING, CONTRACTOR, expect, expectAccessible, test } from "./company";

const NAMES = ["aleph", "beth"].map((name) => `${name}-${Date.now()}`);

test.describe("two answers without names", () => {
  let models: number[] = [];

  test.beforeAll(async ({ browser }, { project }) => {
    models = await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      const added: number[] = [];
      for (const name of NAMES) {
        const body = {
          name,
          kind: "extractive",
          price_in: 1,
          price_out: 3,
          parameters_active: 7,
          zone: "FRA",
        };
        added.push((await act<{ id: number }>("post", "/models", body)).id);
      }
      return added;
    });
  });

  test.afterAll(async ({ browser }, { project }) => {
    await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      for (const id of models) await act("delete", `/models/${id}`);
    });
  });

  test("are voted on, and only then their models are told, with what each took @phone", async ({ enter }) => {
    test.setTimeout(120_000);
    const page = await enter(CONTRACTOR, "/compare");
    const first = page.getByLabel("Première", { exact: true });
    await expect(async () => {
      await page.reload();
      await expect(first).toBeVisible();
      await first.selectOption(NAMES[0] ?? "", { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await page.getByLabel("Seconde", { exact: true }).selectOption(NAMES[1] ?? "");
    await page.getByLabel("Votre question").fill(COMMITTING);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Comparer", exact: true }).press("Enter");
    await expect(page.getByRole("status")).toHaveText(/Les deux réponses sont là/, { timeout: 30_000 });
    const left = page.getByRole("region", { name: "Réponse A" });
    const right = page.getByRole("region", { name: "Réponse B" });
    for (const side of [left, right]) await expect(side).toContainText("4018");
    for (const name of NAMES) await expect(page.getByRole("main")).not.toContainText(name);
    await expectAccessible(page);

    await page.getByRole("radio", { name: "La réponse B" }).press("Space");
    await page.getByRole("button", { name: "Claire" }).click();
    await page.getByRole("button", { name: "Voter et voir les noms" }).press("Enter");
    await expect(page.getByRole("status")).toHaveText(/Voici qui a répondu/);
    await expect(right).toContainText("Votre préférée");
    for (const side of [left, right]) {
      await expect(side).toContainText(/(aleph|beth)-\d+ \(simulé\)/);
      await expect(side).toContainText("€");
      await expect(side).toContainText(/ à .* g/);
    }
    await expectAccessible(page);

    await page.getByRole("link", { name: "Classement" }).click();
    const standings = page.getByRole("main").getByRole("listitem");
    await expect(standings.filter({ hasText: "1 gagné" }).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Vos comparaisons" }).click();
    const own = page.getByRole("main").getByRole("listitem").filter({ hasText: COMMITTING }).first();
    await own.getByRole("checkbox").check();
    await expect(own).toContainText("La réponse B");
    await expectAccessible(page);
    await own.getByRole("button", { name: /^Supprimer/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Supprimer" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  });
});
