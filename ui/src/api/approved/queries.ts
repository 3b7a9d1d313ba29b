import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { ApprovedWish } from "../types";

export const approvedKeys = {
  all: ["approved"] as const,
  list: () => [...approvedKeys.all, "list"] as const,
  groups: () => [...approvedKeys.all, "groups"] as const,
};

export const approvedQuery = queryOptions({
  queryKey: approvedKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/approved-answers", { signal })),
});

/** The groups whose members an answer can be given to. */
export const readerGroupsQuery = queryOptions({
  queryKey: approvedKeys.groups(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/approved-answers/groups", { signal })),
  staleTime: 60_000,
});

export const approveAnswer = (wish: ApprovedWish) =>
  body(client.POST("/api/v1/approved-answers", { body: wish }));

export interface Review {
  review_on?: string;
  valid_to?: string;
}

export async function reviewAnswer(id: number, review: Review): Promise<void> {
  await client.POST("/api/v1/approved-answers/{answer_id}/review", {
    params: { path: { answer_id: id } },
    body: review,
  });
}
