import {
  Activity,
  BookA,
  BookCheck,
  Bot,
  ChartColumn,
  Cpu,
  FileQuestionMark,
  Gauge,
  GitCompareArrows,
  Library,
  MessageCircleQuestion,
  NotebookPen,
  Scale,
  ScrollText,
  Search,
  ShieldCheck,
  Split,
  Users,
} from "lucide-react";

export const PLACES = [
  { to: "/", label: "nav.ask", icon: MessageCircleQuestion },
  { to: "/search", label: "nav.search", icon: Search },
  { to: "/assistants", label: "nav.assistants", icon: Bot },
  { to: "/sources", label: "nav.sources", icon: Library },
] as const;

const MANAGED = [
  { to: "/prompts", label: "nav.prompts", icon: NotebookPen, role: "reader" },
  { to: "/compare", label: "nav.compare", icon: GitCompareArrows, role: "reader" },
  { to: "/gaps", label: "nav.gaps", icon: FileQuestionMark, role: "curator" },
  { to: "/thesaurus", label: "nav.thesaurus", icon: BookA, role: "curator" },
  { to: "/approved-answers", label: "nav.approved", icon: BookCheck, role: "curator" },
  { to: "/moderation", label: "nav.moderation", icon: Scale, role: "administrator" },
] as const;

export type Managed = (typeof MANAGED)[number];

/** The places that the roles of a person open, beside those that are everybody's. */
export const managedBy = (roles: readonly string[]): Managed[] =>
  MANAGED.filter(({ role }) => roles.includes(role));

const ADMINISTERED = [
  { to: "/administration/models", label: "nav.models", icon: Cpu, role: "administrator" },
  { to: "/administration/routing", label: "nav.routing", icon: Split, role: "administrator" },
  { to: "/administration/quotas", label: "nav.quotas", icon: Gauge, role: "administrator" },
  { to: "/administration/usage", label: "nav.usage", icon: ChartColumn, role: "administrator" },
  { to: "/administration/users", label: "nav.users", icon: Users, role: "administrator" },
  { to: "/administration/guardrails", label: "nav.guardrails", icon: ShieldCheck, role: "administrator" },
  { to: "/administration/audit", label: "nav.audit", icon: ScrollText, role: "auditor" },
  { to: "/administration/health", label: "nav.health", icon: Activity, role: "administrator" },
] as const;

export type Administered = (typeof ADMINISTERED)[number];

/** Where administrators and auditors go. */
export const administeredBy = (roles: readonly string[]): Administered[] =>
  ADMINISTERED.filter(({ role }) => roles.includes(role));
