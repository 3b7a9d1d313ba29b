import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CURATOR, expect, expectAccessible, test } from "./company";

/** The folder of a source of its own, named "arrivages", which this journey fills and empties. */
const FOLDER = process.env.CENTAURE_SYNCED_FOLDER ?? "";
const READABLE = "../examples/company/documents/commun/livret-accueil-2026.pdf";
const NOTES = 300;

test("a sync shows how far it is; a file that could not be read is read again; a loss waits for a person", async ({
  enter,
}) => {
  test.skip(FOLDER === "", "needs a source that may be changed");
  test.setTimeout(240_000);
  for (let note = 0; note < NOTES; note++)
    writeFileSync(
      join(FOLDER, `note-${note}.txt`),
      `Arrivage ${note} : ${note * 3} caisses au quai nord. `.repeat(40),
    );
  writeFileSync(join(FOLDER, "livret.pdf"), "%PDF-1.7\nnothing follows");
  const page = await enter(CURATOR, "/sources");
  const source = page.getByRole("article", { name: "arrivages" });
  const sync = source.getByRole("button", { name: "Synchroniser" });
  await sync.click({ timeout: 15_000 });
  await expect(source.getByRole("progressbar", { name: "Synchronisation…" })).toHaveAttribute("max", /^\d+$/);
  await expect(source.getByText(/\d+ fichiers sur 301/)).toBeVisible({ timeout: 30_000 });
  await expect(source.getByRole("button", { name: "Synchronisation…" })).toBeDisabled();
  await expectAccessible(page);
  await expect(source.getByText(/Dernière synchronisation réussie/)).toBeVisible({ timeout: 120_000 });
  await expect(source.getByRole("progressbar")).toHaveCount(0);

  await source.getByRole("link", { name: "Registre" }).click();
  await page.getByRole("button", { name: /^corrompu/ }).click();
  const line = page.getByRole("listitem").filter({ has: page.getByText("livret.pdf") });
  await expect(line).toContainText("corrompu");
  await expectAccessible(page);
  copyFileSync(READABLE, join(FOLDER, "livret.pdf"));
  await line.getByRole("button", { name: "Actions sur livret.pdf" }).press("Enter");
  await page.getByRole("menuitem", { name: "Relire" }).press("Enter");
  await expect(page.getByText("livret.pdf sera relu dans un instant.")).toBeVisible();
  await expect(line).toHaveCount(0, { timeout: 60_000 });

  for (let note = 0; note < NOTES / 3; note++) rmSync(join(FOLDER, `note-${note}.txt`));
  await page.getByRole("link", { name: "Toutes les sources" }).click();
  await sync.click({ timeout: 15_000 });
  const accept = source.getByRole("button", { name: "Ce qui manque a bien disparu" });
  await expect(accept).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  await accept.press("Enter");
  await expect(source.getByText("100 supprimés")).toBeVisible({ timeout: 60_000 });
});
