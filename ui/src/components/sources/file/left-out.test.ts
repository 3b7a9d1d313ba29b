import { describe, expect, it } from "vitest";
import type { Exclusion } from "@/api/types";
import { exclusionOf } from "./left-out";

const exclusion = (path: string): Exclusion => ({ path, excluded_at: null, asked: "exclude" });

describe("the exclusion that holds a file", () => {
  const exclusions = ["hr", "hr/2019/pay.pdf", "notes.md"].map(exclusion);

  it("is its own, or that of a folder above it", () => {
    expect(exclusionOf("notes.md", exclusions)?.path).toBe("notes.md");
    expect(exclusionOf("hr/2019/plan.pdf", exclusions)?.path).toBe("hr");
    expect(exclusionOf("hr/2019/pay.pdf", exclusions)?.path).toBe("hr/2019/pay.pdf");
  });

  it("is none of a path that only begins alike", () => {
    expect(exclusionOf("hr-archive/pay.pdf", exclusions)).toBeUndefined();
    expect(exclusionOf("notes.md.bak", exclusions)).toBeUndefined();
  });
});
