/** A refusal of the API (RFC 9457), or the absence of any answer (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string;
  readonly retryAfter: number | null;

  constructor(status: number, detail = "", retryAfter: number | null = null) {
    super(detail || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  let detail = "";
  if (response.headers.get("content-type")?.includes("json")) {
    const body: unknown = await response.json().catch(() => null);
    if (typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string") {
      detail = body.detail;
    }
  }
  const wait = Number(response.headers.get("retry-after"));
  return new Problem(response.status, detail, wait > 0 ? wait : null);
}

export type ProblemKind =
  | "offline"
  | "signedOut"
  | "forbidden"
  | "missing"
  | "conflict"
  | "invalid"
  | "tooMany"
  | "server";

export function problemKind(error: unknown): ProblemKind {
  if (!(error instanceof Problem)) return "server";
  switch (error.status) {
    case 0:
      return "offline";
    case 401:
      return "signedOut";
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return "missing";
    case 409:
      return "conflict";
    case 400:
    case 413:
    case 422:
      return "invalid";
    case 429:
      return "tooMany";
    default:
      return "server";
  }
}
