import { describe, expect, it } from "vitest";
import type { ConversationBrief } from "@/api/types";
import { byDay } from "./days";

const talked = (id: number, at: Date, pinned = false): ConversationBrief => ({
  id,
  title: "",
  folder: "",
  pinned,
  own: true,
  owner_name: "",
  assistant: "",
  created_at: at.toISOString(),
  updated_at: at.toISOString(),
});

describe("the list of conversations", () => {
  it("is by day, pinned ones by themselves", () => {
    const now = new Date(2026, 2, 30, 0, 30);
    const found = byDay(
      [
        talked(1, new Date(2025, 0, 1), true),
        talked(2, new Date(2026, 2, 30, 0, 10)),
        talked(3, new Date(2026, 2, 29, 23, 50)),
        talked(4, new Date(2026, 2, 29, 0, 10)),
        talked(5, new Date(2026, 2, 24)),
        talked(6, new Date(2026, 2, 23)),
        talked(7, new Date(2026, 1, 28)),
      ],
      now,
    );
    expect(found.map(({ day, conversations }) => [day, conversations.map(({ id }) => id)])).toEqual([
      ["pinned", [1]],
      ["today", [2]],
      ["yesterday", [3, 4]],
      ["week", [5]],
      ["month", [6]],
      ["older", [7]],
    ]);
  });
});
