import {
  BookA,
  BookCheck,
  GitCompareArrows,
  Library,
  MessageCircleQuestion,
  NotebookPen,
  Scale,
  Search,
} from "lucide-react";

export const PLACES = [
  { to: "/", label: "nav.ask", icon: MessageCircleQuestion },
  { to: "/search", label: "nav.search", icon: Search },
  { to: "/sources", label: "nav.sources", icon: Library },
] as const;

const MANAGED = [
  { to: "/prompts", label: "nav.prompts", icon: NotebookPen, role: "reader" },
  { to: "/compare", label: "nav.compare", icon: GitCompareArrows, role: "reader" },
  { to: "/thesaurus", label: "nav.thesaurus", icon: BookA, role: "curator" },
  { to: "/approved-answers", label: "nav.approved", icon: BookCheck, role: "curator" },
  { to: "/moderation", label: "nav.moderation", icon: Scale, role: "administrator" },
] as const;

export type Managed = (typeof MANAGED)[number];

/** The places that the roles of a person open, beside those that are everybody's. */
export const managedBy = (roles: readonly string[]): Managed[] =>
  MANAGED.filter(({ role }) => roles.includes(role));
