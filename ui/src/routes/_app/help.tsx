import { createFileRoute } from "@tanstack/react-router";
import { COURSES, type CourseName } from "@/components/help/courses";
import { HelpPage } from "@/components/help/page";
import { PARTS, type Part } from "@/components/help/parts";
import { loadPart } from "@/i18n/parts";

export const Route = createFileRoute("/_app/help")({
  validateSearch: (search: Record<string, unknown>): { part?: Part; course?: CourseName } => {
    const part = PARTS.find((each) => each === search.part);
    const course = COURSES.find(({ name }) => name === search.course)?.name;
    return { ...(part && { part }), ...(course && { course }) };
  },
  loader: () => loadPart("help"),
  component: Help,
});

function Help() {
  const { part, course } = Route.useSearch();
  return <HelpPage part={part ?? "courses"} course={course} />;
}
