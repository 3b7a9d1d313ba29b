import { queryOptions } from "@tanstack/react-query";
import { body, client, rememberCsrfToken } from "../client";
import { Problem } from "../problem";
import type { SessionState } from "../types";

export const sessionKeys = { current: ["session"] as const };

function remember(session: SessionState): SessionState {
  rememberCsrfToken(session.csrf_token);
  return session;
}

declare global {
  interface Window {
    /** What public/first.js asked before the interface was there; undefined where nothing answered. */
    centaureSession?: Promise<Response | undefined>;
  }
}

/** Takes the answer that the page asked for first, once; asks where there is none. */
async function firstAnswer(request: Request): Promise<Response> {
  const first = window.centaureSession;
  delete window.centaureSession;
  return (await first) ?? fetch(request);
}

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: sessionKeys.current,
  queryFn: async ({ signal }): Promise<SessionState | null> => {
    try {
      return remember(await body(client.GET("/api/v1/session", { signal, fetch: firstAnswer })));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export async function signIn(login: string, password: string): Promise<SessionState> {
  return remember(await body(client.POST("/api/v1/session", { body: { login, password } })));
}

export async function signOut(): Promise<void> {
  await client.DELETE("/api/v1/session");
  rememberCsrfToken(null);
}

export interface InvitationChoice {
  token: string;
  name: string;
  login: string;
  password: string;
}

export async function redeemInvitation(choice: InvitationChoice): Promise<SessionState> {
  const { token, password, name, login } = choice;
  return remember(
    await body(
      client.POST("/api/v1/invitation", {
        body: { token, password, ...(name && { name }), ...(login && { login }) },
      }),
    ),
  );
}
