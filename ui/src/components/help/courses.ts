import { readPreference, writePreference } from "@/shared/preferences";

/** The short courses: what each says, and the exercises that end it, with the answer that is right. */
export const COURSES = [
  {
    name: "limits",
    minutes: 2,
    points: ["reads", "cites", "silent", "wrong"],
    questions: [
      { name: "two", options: ["random", "rights", "memory"], right: "rights" },
      { name: "none", options: ["general", "insist", "words"], right: "words" },
    ],
  },
  {
    name: "request",
    minutes: 3,
    points: ["task", "about", "reader", "form"],
    questions: [
      { name: "best", options: ["vague", "long", "clear"], right: "clear" },
      { name: "refine", options: ["restart", "follow", "accept"], right: "follow" },
    ],
  },
  {
    name: "check",
    minutes: 3,
    points: ["open", "figures", "date", "missing"],
    questions: [
      { name: "claim", options: ["limit", "proof", "always"], right: "always" },
      { name: "stakes", options: ["style", "promise", "length"], right: "promise" },
    ],
  },
  {
    name: "paste",
    minutes: 2,
    points: ["secrets", "people", "others", "class"],
    questions: [
      { name: "mail", options: ["all", "strip", "initials"], right: "strip" },
      { name: "key", options: ["paste", "cut", "half"], right: "cut" },
    ],
  },
] as const;

export type CourseName = (typeof COURSES)[number]["name"];

/** Which courses were taken, on this browser: nobody else is told. */
const PREFERENCE = "courses";

export const taken = (): string[] => (readPreference(PREFERENCE) ?? "").split(" ").filter(Boolean);

export const take = (name: CourseName): void =>
  writePreference(PREFERENCE, [...new Set([...taken(), name])].join(" "));
