import { describe, expect, it } from "vitest";
import type { Model } from "@/api/administration/types";
import { draftOf, isComplete, numberOf, rangeOf, wishOf } from "./draft";

const MODEL: Model = {
  id: 3,
  name: "house",
  kind: "openai",
  location: "https://llm.example.org/v1",
  model: "m-large",
  options: { ca_file: "/etc/house.pem", region: "", pue: [1.1, 1.4], wue: null, batch: 8, bits: 8 },
  highest: "C2",
  lifecycle: "approved",
  type: "general",
  access: "open weights",
  licence: "Apache-2.0",
  publisher: "",
  country: "FR",
  host: "",
  zone: "FRA",
  context: 32768,
  price_in: 0.5,
  price_out: 1.5,
  parameters_active: null,
  parameters_total: 24,
  languages: ["fr", "en"],
  capabilities: ["tools"],
  problem: "",
  simulated: false,
  answers: true,
};

describe("a model in a form", () => {
  it("comes out as it went in, but for its key", () => {
    const { id, problem, simulated, answers, ...said } = MODEL;
    expect(wishOf(draftOf(MODEL), MODEL)).toEqual(said);
  });

  it("keeps the certificates that the machine names", () => {
    expect(wishOf(draftOf(MODEL), MODEL).options.ca_file).toBe("/etc/house.pem");
    expect(wishOf(draftOf(null), null).options.ca_file).toBe("");
  });

  it("takes numbers as people write them", () => {
    expect(numberOf(" 1 024,5 ")).toBe(1024.5);
    expect(numberOf("")).toBeNull();
    expect(numberOf("many")).toBeNaN();
    expect(rangeOf("1,1 – 1,4")).toEqual([1.1, 1.4]);
    expect(rangeOf("8")).toBe(8);
    expect(rangeOf("")).toBeNull();
  });

  it("is complete once it says where it is asked, and only with numbers that are some", () => {
    const draft = { ...draftOf(null), name: "new", model: "qwen3" };
    expect(isComplete(draft)).toBe(false);
    expect(isComplete({ ...draft, location: "http://localhost:11434/v1" })).toBe(true);
    expect(isComplete({ ...draft, kind: "anthropic" })).toBe(true);
    expect(isComplete({ ...draft, kind: "extractive", model: "" })).toBe(true);
    expect(isComplete({ ...draft, kind: "anthropic", price_in: "cheap" })).toBe(false);
    expect(isComplete({ ...draft, kind: "anthropic", pue: "1.1 - " })).toBe(false);
  });

  it("has no address where nothing is called", () => {
    const wish = wishOf({ ...draftOf(MODEL), kind: "extractive" }, MODEL);
    expect([wish.location, wish.model]).toEqual(["", ""]);
  });
});
