import type { ConversationBrief } from "@/api/types";

export type Day = "pinned" | "today" | "yesterday" | "week" | "month" | "older";

export interface Days {
  day: Day;
  conversations: ConversationBrief[];
}

const DAY_MS = 86_400_000;

/** Conversations by the day of their last turn, in the order that they come in; pinned ones by themselves. */
export function byDay(conversations: readonly ConversationBrief[], now: Date): Days[] {
  const groups = new Map<Day, ConversationBrief[]>();
  for (const conversation of conversations) {
    const day = conversation.pinned ? "pinned" : dayOf(new Date(conversation.updated_at), now);
    const group = groups.get(day);
    if (group) group.push(conversation);
    else groups.set(day, [conversation]);
  }
  return [...groups].map(([day, group]) => ({ day, conversations: group }));
}

function dayOf(moment: Date, now: Date): Day {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  // Rounded: a day on which clocks change has an hour more, or less.
  const days = Math.round((midnight(now) - midnight(moment)) / DAY_MS);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "week";
  return days < 30 ? "month" : "older";
}
