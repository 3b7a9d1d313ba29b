import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { classes } from "@/shared/classes";
import { Page } from "../layout/shell";
import { AboutAi } from "./about-ai";
import { CourseList, CourseView } from "./course";
import { COURSES, type CourseName } from "./courses";
import { GameView } from "./game";
import { Keys } from "./keys";
import { PARTS, type Part } from "./parts";

/** What one learns by: courses, a game, what is to be known of AI, the keyboard. */
export function HelpPage({ part, course }: { part: Part; course: CourseName | undefined }) {
  const { t } = useTranslation("help");
  const open = part === "courses" ? COURSES.find(({ name }) => name === course) : undefined;
  return (
    <Page title={t("title")} lead={t("lead")}>
      <nav aria-label={t("tabs.label")} className="mb-8 flex gap-1 overflow-x-auto border-b">
        {PARTS.map((each) => (
          <Link
            key={each}
            to="/help"
            search={{ part: each }}
            aria-current={each === part ? "page" : undefined}
            className={classes(
              "-mb-px shrink-0 rounded-t-lg border-b-2 px-3 py-2.5 text-[0.9375rem] font-medium whitespace-nowrap",
              "-outline-offset-2",
              each === part ? "border-accent text-ink" : "border-transparent text-ink-soft hover:text-ink",
            )}
          >
            {t(`tabs.${each}`)}
          </Link>
        ))}
      </nav>
      {part === "courses" && (open ? <CourseView key={open.name} course={open} /> : <CourseList />)}
      {part === "game" && <GameView />}
      {part === "ai" && <AboutAi />}
      {part === "keys" && <Keys />}
    </Page>
  );
}
