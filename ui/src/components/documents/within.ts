import { useParams } from "@tanstack/react-router";
import type { Within } from "@/api/documents/queries";

/** The conversation that a document is opened beside. */
export const useWithin = (): Within => useParams({ strict: false }).conversation ?? null;
