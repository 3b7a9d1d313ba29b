import { BOTH_THEMES, CURATOR, expect, expectAccessible, LEA, test } from "./company";

/** Of no other journey: what it becomes here is its own. */
const PATH = "commun/mot-du-directeur-2003.txt";

test("a curator looks into one document, asks who reads it, takes it out and lets it in again @phone", async ({
  enter,
}) => {
  test.setTimeout(120_000);
  const page = await enter(CURATOR, "/sources");
  await page.getByRole("link", { name: "Registre" }).first().click();
  await page.getByRole("link", { name: PATH, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Qui peut le lire" })).toBeVisible();
  await expect(page.getByText(/^Ouvert à /)).toBeVisible();
  await expect(page.getByText("N° 1", { exact: true })).toBeVisible();
  await page.getByLabel("Quelqu’un peut-il le lire ? Son identifiant").fill(LEA);
  await page.getByRole("button", { name: "Demander", exact: true }).click();
  await expect(page.getByText(new RegExp(`^${LEA} (ne )?peut`))).toBeVisible();
  await expectAccessible(page, BOTH_THEMES);

  await page.getByRole("button", { name: "Écarter…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Écarter" }).click();
  const back = page.getByRole("button", { name: "Le reprendre" });
  await expect(back).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("N° 1", { exact: true })).toHaveCount(0);
  // The pressed button is gone: the keyboard is where its effect is told.
  const said = page.locator("[aria-live]").filter({ has: back });
  await expect(said).toBeFocused();
  await back.click();
  await expect(back).toHaveCount(0);
  await expect(page.locator("[aria-live]:focus")).toHaveCount(1);
  await expect(page.getByText("N° 1", { exact: true })).toBeVisible({ timeout: 45_000 });
});

test("nothing is offered to a curator while it is not known what is left out", async ({ enter }) => {
  const page = await enter(CURATOR, "/sources");
  const exclusions = "**/api/v1/sources/*/exclusions";
  await page.route(exclusions, (route) => route.fulfill({ status: 500, json: { detail: "" } }));
  await page.getByRole("link", { name: "Registre" }).first().click();
  await page.getByRole("link", { name: PATH, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Qui peut le lire" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Écarter…" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Relire" })).toHaveCount(0);
  await page.unroute(exclusions);
  await page.getByRole("alert").getByRole("button", { name: "Réessayer" }).click();
  await expect(page.getByRole("button", { name: "Écarter…" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a reader has no such page", async ({ enter }) => {
  const page = await enter(LEA, "/sources/1/file?path=nothing.md");
  await expect(page.getByRole("heading", { name: "Il n’y a rien ici" })).toBeVisible();
});
