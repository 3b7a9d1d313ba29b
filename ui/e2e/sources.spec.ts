import type { Page, Route } from "@playwright/test";
import { CURATOR, expect, expectAccessible, test } from "./company";

interface Run {
  state: string;
  phase: string;
  done: number;
  total: number;
  problem: string;
}
interface Line {
  path: string;
  status: string;
  reason: string;
  updated_at: string;
}
const RUNS = /\/api\/v1\/sources\/\d+\/runs$/;
const LEDGER = /\/api\/v1\/sources\/\d+\/ledger/;
const ENDED = /Dernière synchronisation réussie/;

/** The latest run otherwise than it is, as long as `is` says how. */
async function latest(page: Page, is: () => Partial<Run> | null): Promise<void> {
  await page.route(RUNS, async (route: Route) => {
    const response = await route.fetch();
    const runs: Run[] = await response.json();
    const changed = is();
    if (changed !== null && runs[0]) Object.assign(runs[0], changed);
    await route.fulfill({ response, json: runs });
  });
}

test("a sync shows how far it is while it works, and how it ended @phone", async ({ enter }) => {
  const page = await enter(CURATOR, "/sources");
  await expect(page.getByText(ENDED)).toBeVisible();
  let looks = 0;
  let wanted = false;
  page.on("request", (request) => {
    wanted ||= /\/sources\/\d+\/sync/.test(request.url());
  });
  await latest(page, () => {
    if (!wanted || looks > 4) return null;
    looks += 1;
    return looks > 4 ? null : { state: "running", phase: "reading", done: 3 * looks, total: 24 };
  });
  await page.getByRole("button", { name: "Synchroniser" }).click();
  await expect(page.getByText(/\d+ fichiers sur 24/)).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Synchronisation…" })).toHaveAttribute("max", "24");
  await expect(page.getByRole("button", { name: "Synchronisation…" })).toBeDisabled();
  await expectAccessible(page);
  await expect(page.getByText(ENDED)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("a sync that failed or was held says why, and is wanted again", async ({ enter }) => {
  const page = await enter(CURATOR, "/sources");
  let last: Partial<Run> | null = { state: "failed", problem: "Le partage n’a pas répondu." };
  await latest(page, () => last);
  await page.reload();
  await expect(page.getByText(/Dernière synchronisation échouée/)).toBeVisible();
  await expect(page.getByText("Le partage n’a pas répondu.")).toBeVisible();
  await expectAccessible(page);

  last = { state: "held", problem: "Un cinquième des fichiers manque." };
  await page.reload();
  await expect(page.getByText("Un cinquième des fichiers manque.")).toBeVisible();
  const wanted = page.waitForRequest((request) => request.url().includes("accept_loss=true"));
  await page.getByRole("button", { name: "Ce qui manque a bien disparu" }).press("Enter");
  expect((await wanted).method()).toBe("POST");
  last = null;
  await expect(page.getByText(ENDED)).toBeVisible({ timeout: 60_000 });
});

test("the ledger says why a file was not read, and has it read again from its menu @phone", async ({
  enter,
  page,
}) => {
  test.setTimeout(120_000);
  const REASON = "Le fichier demande un mot de passe.";
  let before: Line | undefined;
  await page.route(LEDGER, async (route) => {
    const response = await route.fetch();
    const ledger: { lines: Line[] } = await response.json();
    const line = ledger.lines[0];
    before ??= line && { ...line };
    // Until it is read again.
    if (line && line.updated_at === before?.updated_at)
      Object.assign(line, { status: "protected", reason: REASON });
    await route.fulfill({ response, json: ledger });
  });
  await enter(CURATOR, "/sources");
  await page.getByRole("link", { name: "Registre" }).click();
  const line = page.getByRole("main").getByRole("listitem").first();
  await expect(line).toContainText("mot de passe");
  await expect(line).toContainText(REASON);
  await expectAccessible(page);
  await line.getByRole("button", { name: /^Actions sur / }).press("Enter");
  await page.getByRole("menuitem", { name: "Relire" }).press("Enter");
  await expect(page.getByText(/sera relu dans un instant/)).toBeVisible();
  await expect(line).not.toContainText(REASON, { timeout: 90_000 });
  await expect(line).toContainText(before?.path ?? "?");
});
