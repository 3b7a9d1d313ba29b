import { describe, expect, it } from "vitest";
import type { Health } from "@/api/administration/types";
import { checksOf } from "./checks";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const WELL: Health = {
  status: "ok",
  version: "1",
  database: { embedded: true, server: "18.4", revision: "0009", size: 1 },
  queue: { workers: 1, waiting: 2, waiting_since: "2026-11-22T09:59:00Z", running: 0, failed: 0 },
  disk: { total: 100, free: 50 },
  scans_are_read: true,
  models: [],
};
const states = (more: Partial<Health>) =>
  Object.fromEntries(checksOf({ ...WELL, ...more }, NOW).map(({ name, state }) => [name, state]));

describe("health", () => {
  it("is well where everything works", () => {
    expect(new Set(Object.values(states({})))).toEqual(new Set(["ok"]));
  });

  it("says what is not: nobody works, what waits for long, what failed, a disk that fills", () => {
    expect(states({ queue: { ...WELL.queue, workers: 0 } }).worker).toBe("down");
    const late = { ...WELL.queue, waiting_since: "2026-11-22T09:00:00Z" };
    expect(states({ queue: late }).queue).toBe("attention");
    expect(states({ queue: { ...WELL.queue, failed: 1 } }).queue).toBe("attention");
    expect(states({ disk: { total: 100, free: 5 } }).disk).toBe("attention");
    expect(states({ disk: { total: 100, free: 1 } }).disk).toBe("down");
    expect(states({ scans_are_read: false }).scans).toBe("attention");
  });
});
