import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { GamePlayed } from "../types";

export const boardQuery = queryOptions({
  queryKey: ["game", "board"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/game/board", { signal })),
});

/** What comes of the last line of a level; without lines, what the level is. */
export const play = (played: GamePlayed) => body(client.POST("/api/v1/game", { body: played }));

export const levelQuery = (played: GamePlayed) =>
  queryOptions({
    queryKey: ["game", "level", played.language, played.level] as const,
    queryFn: () => play({ ...played, lines: [] }),
    staleTime: Number.POSITIVE_INFINITY,
  });
