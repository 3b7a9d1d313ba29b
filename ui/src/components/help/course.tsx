import { Link } from "@tanstack/react-router";
import { ArrowLeft, Check, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "@/shared/classes";
import { buttonClasses } from "../ui/button";
import { COURSES, take, taken } from "./courses";

type Course = (typeof COURSES)[number];

export function CourseList() {
  const { t } = useTranslation("help");
  const [done] = useState(taken);
  return (
    <ul className="grid gap-4 sm:grid-cols-2">
      {COURSES.map(({ name, minutes }) => (
        <li
          key={name}
          className="relative flex flex-col rounded-2xl border bg-surface p-5 hover:border-line-strong"
        >
          <h2 className="font-serif text-xl leading-snug font-medium">
            <Link
              to="/help"
              search={{ part: "courses", course: name }}
              className="after:absolute after:inset-0 after:rounded-2xl"
            >
              {t(`courses.${name}.title`)}
            </Link>
          </h2>
          <p className="mt-1.5 flex-1 text-ink-soft">{t(`courses.${name}.lead`)}</p>
          <p className="mt-4 flex items-center gap-1.5 text-sm text-ink-faint">
            {t("courses.minutes", { count: minutes })}
            {done.includes(name) && (
              <span className="ml-auto inline-flex items-center gap-1 font-medium text-accent">
                <Check aria-hidden="true" className="size-4" />
                {t("courses.done")}
              </span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What one course says, then its exercises; it is taken once each was answered rightly. */
export function CourseView({ course }: { course: Course }) {
  const { t } = useTranslation("help");
  const { name } = course;
  const [solved, setSolved] = useState<readonly string[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const left = course.questions.length - solved.length;
  useEffect(() => {
    if (left === 0) take(name);
  }, [left, name]);
  const next = COURSES[(COURSES.indexOf(course) + 1) % COURSES.length] as Course;
  return (
    <article className="max-w-2xl">
      <Link
        to="/help"
        search={{ part: "courses" }}
        className={classes(buttonClasses({ look: "quiet", size: "small" }), "-ml-2.5 mb-3")}
      >
        <ArrowLeft aria-hidden="true" />
        {t("courses.back")}
      </Link>
      <h2
        ref={heading}
        tabIndex={-1}
        className="font-serif text-[1.75rem] leading-tight font-medium outline-none"
      >
        {t(`courses.${name}.title`)}
      </h2>
      <p className="mt-2 text-ink-soft">{t(`courses.${name}.lead`)}</p>
      <ol className="mt-6 space-y-5">
        {course.points.map((point, place) => (
          <li key={point} className="flex gap-4">
            <span
              aria-hidden="true"
              className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent tabular-nums"
            >
              {place + 1}
            </span>
            <div>
              <h3 className="pt-1 font-semibold">{t(`courses.${name}.points.${point}.title` as Title)}</h3>
              <p className="mt-0.5 text-ink-soft">{t(`courses.${name}.points.${point}.text` as Title)}</p>
            </div>
          </li>
        ))}
      </ol>
      <h3 className="mt-10 mb-4 font-serif text-2xl font-medium">{t("courses.exercise")}</h3>
      <div className="space-y-6">
        {course.questions.map((question) => (
          <Exercise
            key={question.name}
            course={name}
            question={question.name}
            options={question.options}
            right={question.right}
            onSolved={() => setSolved((before) => [...new Set([...before, question.name])])}
          />
        ))}
      </div>
      <p role="status" className="mt-6 font-medium">
        {left === 0 ? t("courses.finished") : t("courses.left", { count: left })}
      </p>
      {left === 0 && (
        <Link
          to="/help"
          search={{ part: "courses", course: next.name }}
          className={classes(buttonClasses({ look: "primary" }), "mt-3")}
        >
          {t("courses.next")}
        </Link>
      )}
    </article>
  );
}

/** Names that are put together are checked by the test of texts, which knows their families. */
type Title = "courses.limits.points.reads.title";

interface ExerciseProps {
  course: string;
  question: string;
  options: readonly string[];
  right: string;
  onSolved: () => void;
}

function Exercise({ course, question, options, right, onSolved }: ExerciseProps) {
  const { t } = useTranslation("help");
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <fieldset className="rounded-2xl border bg-surface p-5">
      <legend className="float-left mb-3 w-full font-medium">
        {t(`courses.${course}.questions.${question}.ask` as Title)}
      </legend>
      <div className="clear-both space-y-2">
        {options.map((option) => (
          <label
            key={option}
            className={classes(
              "flex cursor-pointer items-center gap-3 rounded-xl border px-4 py-2.5",
              chosen === option && option === right && "border-accent bg-accent-soft",
              chosen === option && option !== right && "border-danger/50 bg-danger-soft",
              chosen !== option && "hover:bg-sunken",
            )}
          >
            <input
              type="radio"
              name={`${course}-${question}`}
              checked={chosen === option}
              onChange={() => {
                setChosen(option);
                if (option === right) onSolved();
              }}
              className="size-4 shrink-0 accent-accent"
            />
            {t(`courses.${course}.questions.${question}.options.${option}` as Title)}
          </label>
        ))}
      </div>
      <div role="status" className="text-[0.9375rem]">
        {chosen !== null && (
          <p className="mt-3 flex items-start gap-2">
            {chosen === right ? (
              <Check aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-accent" />
            ) : (
              <X aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" />
            )}
            <span>
              <span className="font-medium">{t(chosen === right ? "courses.right" : "courses.wrong")}</span>{" "}
              {t(
                chosen === right ? (`courses.${course}.questions.${question}.why` as Title) : "courses.again",
              )}
            </span>
          </p>
        )}
      </div>
    </fieldset>
  );
}
