import { createFileRoute } from "@tanstack/react-router";

/** A conversation to begin. */
export const Route = createFileRoute("/_app/_ask/")({});
