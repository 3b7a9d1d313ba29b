import { ask, BOTH_THEMES, CURATOR, expect, expectAccessible, LEA, test } from "./company";

const PLACE = `Xylotheque${Date.now().toString(36).replace(/\d/g, "z")}`;

test("a question that is sent reaches a curator, who asks for the document, and goes when it is taken back @phone", async ({
  enter,
  context,
}) => {
  const page = await enter(LEA);
  await ask(page, `Quelles essences de bois garde la ${PLACE} de Valparaiso ?`);
  await page.getByRole("button", { name: "Le signaler" }).click();
  await page.getByLabel("Votre commentaire").fill("La liste de 2026 manque.");
  await expectAccessible(page, BOTH_THEMES);
  await page.getByRole("button", { name: "Envoyer ma question" }).click();
  await expect(page.getByText("Votre question est envoyée")).toBeVisible();
  const conversation = page.url();

  await context.clearCookies();
  const curator = await enter(CURATOR, "/gaps");
  const group = curator.getByRole("article").filter({ hasText: PLACE });
  await expect(group).toContainText("Moins de trois personnes");
  await expect(group).toContainText("La liste de 2026 manque.");
  await expect(group).not.toContainText("Léa");
  await expect(group.getByText("Dans aucun document que vous pouvez lire")).toBeVisible();
  await expectAccessible(curator, BOTH_THEMES);
  await group.getByRole("button", { name: /^Demander un document/ }).click();
  await curator.getByLabel("Le document demandé, et à qui").fill("Liste 2026, à la documentation");
  await curator.getByRole("dialog").getByRole("button", { name: "Demander un document" }).click();
  await expect(group).toHaveCount(0);
  await curator.getByRole("button", { name: /^Document demandé/ }).click();
  await expect(group).toContainText("Liste 2026, à la documentation");

  await context.clearCookies();
  const author = await enter(LEA, conversation);
  await author.getByRole("button", { name: "La retirer" }).click();
  await expect(author.getByRole("button", { name: "Le signaler" })).toBeVisible();
  await context.clearCookies();
  await enter(CURATOR, "/gaps");
  await curator.getByRole("button", { name: /^Document demandé/ }).click();
  await expect(group).toHaveCount(0);
});

test("a reader has no such page", async ({ enter }) => {
  const page = await enter(LEA, "/gaps");
  await expect(page.getByRole("heading", { name: "Il n’y a rien ici" })).toBeVisible();
});
