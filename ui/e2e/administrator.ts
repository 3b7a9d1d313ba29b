import type { APIRequestContext, Browser } from "@playwright/test";
import { ADMINISTRATOR, expect, passwordOf } from "./company";

type Method = "get" | "post" | "put" | "delete";
type Act = <T>(method: Method, path: string, data?: unknown) => Promise<T>;

/** The API as the administrator, for what has no page. */
async function administering<T>(baseURL: string, request: APIRequestContext, work: (act: Act) => Promise<T>) {
  const at = (path: string) => `${baseURL}/api/v1${path}`;
  const data = { login: ADMINISTRATOR, password: passwordOf(ADMINISTRATOR) };
  const session = await (await request.post(at("/session"), { data })).json();
  const act: Act = async (method, path, body) => {
    const headers = { "x-csrf-token": session.csrf_token };
    const answer = await request[method](at(path), { headers, ...(body !== undefined && { data: body }) });
    expect(answer.ok(), `${method} ${path}`).toBe(true);
    return answer.status() === 204 ? null : answer.json();
  };
  return await work(act);
}

export async function asAdministrator<T>(browser: Browser, baseURL: string, work: (act: Act) => Promise<T>) {
  const context = await browser.newContext();
  try {
    return await administering(baseURL, context.request, work);
  } finally {
    await context.close();
  }
}
