import type { Health } from "@/api/administration/types";

export interface Check {
  name: "api" | "database" | "worker" | "queue" | "disk" | "scans";
  state: "ok" | "attention" | "down";
}

/** A job that waits longer than that has nobody to do it. */
const PATIENCE_MS = 10 * 60_000;
const LITTLE = 0.1;
const NOTHING = 0.02;

/** What to make of each part; `now` in milliseconds. */
export function checksOf(health: Health, now: number): Check[] {
  const { queue, disk } = health;
  const free = disk.total > 0 ? disk.free / disk.total : 0;
  const late = queue.waiting_since !== null && now - new Date(queue.waiting_since).getTime() > PATIENCE_MS;
  return [
    { name: "api", state: "ok" },
    { name: "database", state: "ok" },
    { name: "worker", state: queue.workers > 0 ? "ok" : "down" },
    { name: "queue", state: late || queue.failed > 0 ? "attention" : "ok" },
    { name: "disk", state: free < NOTHING ? "down" : free < LITTLE ? "attention" : "ok" },
    { name: "scans", state: health.scans_are_read ? "ok" : "attention" },
  ];
}
