import createClient, { type Middleware } from "openapi-fetch";
import { Problem, problemOf } from "./problem";
import type { paths } from "./schema";

/** Lives in memory only: another tab or a reload reads it again from the session. */
let csrfToken: string | null = null;

export function rememberCsrfToken(token: string | null): void {
  csrfToken = token;
}

const edge: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && request.method !== "GET") request.headers.set("x-csrf-token", csrfToken);
    request.headers.set("accept-language", document.documentElement.lang);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new Problem(0);
  },
};

export const client = createClient<paths>({ credentials: "same-origin" });
client.use(edge);

/** The body of an answer that the middleware has already found to be good. */
export async function body<T>(request: Promise<{ data?: T }>): Promise<T> {
  const { data } = await request;
  if (data === undefined) throw new Problem(502);
  return data;
}
