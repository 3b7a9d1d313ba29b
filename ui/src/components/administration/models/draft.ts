import type { Model, ModelOptions, ModelWish } from "@/api/administration/types";

/** A model as a form holds it: what is typed stays a text until it is sent. */
export interface Draft {
  name: string;
  kind: ModelWish["kind"];
  location: string;
  model: string;
  key: string;
  highest: ModelWish["highest"];
  lifecycle: ModelWish["lifecycle"];
  type: ModelWish["type"];
  access: ModelWish["access"];
  licence: string;
  publisher: string;
  country: string;
  host: string;
  zone: string;
  context: string;
  price_in: string;
  price_out: string;
  parameters_active: string;
  parameters_total: string;
  languages: string;
  capabilities: ModelWish["capabilities"];
  region: string;
  pue: string;
  wue: string;
  batch: string;
  bits: string;
}

type Ends = number | number[] | null | undefined;

const written = (value: Ends): string =>
  value === null || value === undefined ? "" : Array.isArray(value) ? value.join(" - ") : `${value}`;

/** A number as people write it, with a comma or a point; null for none. */
export function numberOf(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s\u00a0\u202f]/g, "")
    .replace(",", ".");
  return plain === "" ? null : Number(plain);
}

/** A number, or its lowest and highest: "1.2" or "1.1 - 1.4". */
export function rangeOf(text: string): number | number[] | null {
  const ends = text.split(/\s*[-–]\s*/).map(numberOf);
  return ends.length === 2 ? ends.map((each) => each ?? Number.NaN) : (ends[0] ?? null);
}

export const draftOf = (model: Model | null): Draft => ({
  name: model?.name ?? "",
  kind: (model?.kind ?? "openai") as Draft["kind"],
  location: model?.location ?? "",
  model: model?.model ?? "",
  key: "",
  highest: model?.highest ?? "C1",
  lifecycle: (model?.lifecycle ?? "trial") as Draft["lifecycle"],
  type: (model?.type ?? "general") as Draft["type"],
  access: (model?.access ?? "") as Draft["access"],
  licence: model?.licence ?? "",
  publisher: model?.publisher ?? "",
  country: model?.country ?? "",
  host: model?.host ?? "",
  zone: model?.zone ?? "",
  context: written(model?.context),
  price_in: written(model?.price_in),
  price_out: written(model?.price_out),
  parameters_active: written(model?.parameters_active),
  parameters_total: written(model?.parameters_total),
  languages: model?.languages.join(", ") ?? "",
  capabilities: model?.capabilities ?? ["tools", "json"],
  region: model?.options.region ?? "",
  pue: written(model?.options.pue),
  wue: written(model?.options.wue),
  batch: written(model?.options.batch),
  bits: written(model?.options.bits),
});

const NUMBERS = [
  "context",
  "price_in",
  "price_out",
  "parameters_active",
  "parameters_total",
  "bits",
] as const;
const RANGES = ["pue", "wue", "batch"] as const;

/** Whether it says enough, and every number is one. */
export function isComplete(draft: Draft): boolean {
  const spoken = draft.kind !== "extractive";
  return (
    draft.name.trim() !== "" &&
    (!spoken || draft.model.trim() !== "") &&
    (draft.kind !== "openai" || draft.location.trim() !== "") &&
    NUMBERS.every((name) => !Number.isNaN(numberOf(draft[name]))) &&
    RANGES.every((name) => [rangeOf(draft[name])].flat().every((each) => !Number.isNaN(each)))
  );
}

/** What is sent; the certificates of a service are named on the machine only, and stay. */
export function wishOf(draft: Draft, before: Model | null): ModelWish {
  const spoken = draft.kind !== "extractive";
  const options: ModelOptions = {
    ca_file: before?.options.ca_file ?? "",
    region: draft.region.trim(),
    pue: rangeOf(draft.pue),
    wue: rangeOf(draft.wue),
    batch: rangeOf(draft.batch),
    bits: numberOf(draft.bits),
  };
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    location: spoken ? draft.location.trim() : "",
    model: spoken ? draft.model.trim() : "",
    options,
    highest: draft.highest,
    lifecycle: draft.lifecycle,
    type: draft.type,
    access: draft.access,
    licence: draft.licence.trim(),
    publisher: draft.publisher.trim(),
    country: draft.country.trim().toUpperCase(),
    host: draft.host.trim(),
    zone: draft.zone.trim().toUpperCase(),
    context: numberOf(draft.context),
    price_in: numberOf(draft.price_in),
    price_out: numberOf(draft.price_out),
    parameters_active: numberOf(draft.parameters_active),
    parameters_total: numberOf(draft.parameters_total),
    languages: draft.languages
      .split(/[,;\s]+/)
      .map((each) => each.toLowerCase())
      .filter(Boolean),
    capabilities: draft.capabilities,
    ...(draft.key && { key: draft.key }),
  };
}
