import {
  ask,
  CURATOR,
  expect,
  HUGO,
  LEA,
  PDF_QUESTION,
  SHARED_QUESTION,
  test,
  UNANSWERABLE,
} from "./company";

test("a question gets sentences, each with a source that opens at its passage @phone", async ({ enter }) => {
  const page = await enter(LEA);
  await ask(page, PDF_QUESTION);
  const citation = page.getByRole("link", { name: /^Source 1/ }).first();
  await expect(citation).toBeVisible();
  await expect(page.getByRole("article")).toContainText("1 150 euros");
  await citation.click();
  const image = page.getByRole("img", { name: /avec le passage marqué/ });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((node: HTMLImageElement) => node.naturalWidth)).toBeGreaterThan(300);
  await page.getByText("Lire le passage en texte").click();
  await expect(page.locator("mark").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(image).toBeHidden();
  await expect(citation).toBeFocused();
});

test("a document without pages opens as its words, the quote marked", async ({ enter }) => {
  const page = await enter(LEA);
  await ask(page, SHARED_QUESTION);
  await page
    .getByRole("link", { name: /^Source 1/ })
    .first()
    .click();
  await expect(page.locator("mark").first()).toContainText("22 euros");
  await expect(page.getByRole("link", { name: "Télécharger l’original" })).toBeVisible();
});

test("the same question gives two people what each may read", async ({ enter, context, page }) => {
  await enter(LEA);
  await ask(page, SHARED_QUESTION);
  await expect(page.getByRole("article")).toContainText("22 euros");
  await context.clearCookies();
  await enter(HUGO);
  await ask(page, SHARED_QUESTION);
  await expect(page.getByRole("article")).toContainText("38 euros");
});

test("what the documents do not say is said kindly, and can be searched", async ({ enter }) => {
  const page = await enter(LEA);
  await ask(page, UNANSWERABLE);
  await expect(page.getByText("Je n’ai pas trouvé la réponse")).toBeVisible();
  // Who only points at the link has not searched: nothing is asked, and nothing put on record.
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/v1/search") asked.push(request.url());
  });
  const instead = page.getByRole("link", { name: "Rechercher plutôt ces mots" });
  await instead.hover();
  await page.waitForTimeout(300);
  expect(asked).toEqual([]);
  await instead.click();
  await expect(page).toHaveURL(/\/search\?q=/);
});

test("earlier turns stay in the conversation, also after a look at another page", async ({ enter }) => {
  const page = await enter(CURATOR);
  await ask(page, "Combien de jours de télétravail par semaine sont autorisés ?");
  await expect(page.getByRole("article").first()).toContainText("deux jours");
  await ask(page, "Et quelle est l'indemnité par jour ?");
  await expect(page.getByRole("article").nth(1)).toContainText("2,70");
  await page.getByRole("navigation").getByRole("link", { name: "Rechercher" }).click();
  await page.goBack();
  await expect(page.getByRole("article")).toHaveCount(2);
  await page.getByRole("link", { name: "Nouvelle question" }).first().click();
  await expect(page.getByRole("heading", { name: /Que souhaitez-vous savoir/ })).toBeVisible();
});

test("a question that does not arrive says so and can be asked again", async ({ enter, page }) => {
  await enter(LEA);
  await page.route("**/conversations/*/ask*", (route) => route.abort());
  await ask(page, PDF_QUESTION);
  await expect(page.getByRole("alert")).toContainText("injoignable");
  await page.unroute("**/conversations/*/ask*");
  await page.getByRole("button", { name: "Réessayer" }).click();
  await expect(page.getByRole("link", { name: /^Source 1/ }).first()).toBeVisible();
});
