import { useTranslation } from "react-i18next";
import { KINDS, TASKS } from "@/api/comparisons/queries";
import type { ComparisonChoices, ComparisonKind, ComparisonTask, ComparisonWish } from "@/api/types";
import { Notice } from "../states/notice";
import { Button } from "../ui/button";
import { Choice, LongField } from "../ui/field";
import { Pills } from "../ui/pills";
import { usePlayer } from "./player";

const OWN = "own";
const LONGEST_QUESTION = 10_000;
const LONGEST_WORDS = 2_000;

/** What the form holds; settings by kind, so that going back and forth loses nothing. */
export interface Wished {
  question: string;
  kind: ComparisonKind;
  task: ComparisonTask;
  pairs: Partial<Record<ComparisonKind, [string, string]>>;
  words: [string, string];
}

export const FIRST: Wished = { question: "", kind: "model", task: "other", pairs: {}, words: ["", ""] };

const offered = (choices: ComparisonChoices, kind: ComparisonKind): string[] =>
  ({
    model: choices.models.map(({ name }) => name),
    prompt: choices.prompts,
    retrieval: choices.searches,
  })[kind];

const pairOf = ({ kind, pairs }: Wished, names: string[]): [string, string] =>
  pairs[kind] ?? [names[0] ?? "", names[1] ?? ""];

export function wishOf(wished: Wished): ComparisonWish {
  const [one = "", other = ""] = wished.pairs[wished.kind] ?? [];
  const setting = (name: string, words: string) => ({ name, words: name === OWN ? words.trim() : "" });
  return {
    question: wished.question.trim(),
    kind: wished.kind,
    task: wished.task,
    one: setting(one, wished.words[0]),
    other: setting(other, wished.words[1]),
  };
}

interface Props {
  choices: ComparisonChoices;
  wished: Wished;
  onChange: (wished: Wished) => void;
  onCompare: (wished: Wished) => void;
}

/** What is asked, and which two are to answer it. */
export function CompareForm({ choices, wished, onChange, onCompare }: Props) {
  const { t } = useTranslation();
  const player = usePlayer();
  const names = offered(choices, wished.kind);
  const pair = pairOf(wished, names);
  const whole = { ...wished, pairs: { ...wished.pairs, [wished.kind]: pair } };
  const ownWithout = pair.some((name, at) => name === OWN && !wished.words[at]?.trim());
  const alike = pair[0] === pair[1] && (pair[0] !== OWN || wished.words[0].trim() === wished.words[1].trim());
  const able = names.length > 1 && wished.question.trim() !== "" && !alike && !ownWithout;
  const choose = (at: 0 | 1, name: string) => {
    const next: [string, string] = [...pair];
    next[at] = name;
    onChange({ ...wished, pairs: { ...wished.pairs, [wished.kind]: next } });
  };
  const write = (at: 0 | 1, text: string) => {
    const next: [string, string] = [...wished.words];
    next[at] = text;
    onChange({ ...wished, words: next });
  };
  return (
    <form
      className="max-w-3xl space-y-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (!able) return;
        onChange(whole);
        onCompare(whole);
      }}
    >
      <LongField
        label={t("compare.question")}
        hint={t("compare.questionHint")}
        value={wished.question}
        rows={2}
        required
        maxLength={LONGEST_QUESTION}
        onChange={(event) => onChange({ ...whole, question: event.target.value })}
      />
      <div>
        <p className="mb-1.5 text-sm font-medium">{t("compare.what")}</p>
        <Pills
          label={t("compare.what")}
          value={wished.kind}
          options={KINDS.map((value) => ({ value, label: t(`compare.kinds.${value}`) }))}
          onChoose={(kind) => onChange({ ...wished, kind })}
        />
      </div>
      {names.length < 2 ? (
        <Notice title={t(`compare.tooFew.${wished.kind}`)}>{t(`compare.tooFewAdvice.${wished.kind}`)}</Notice>
      ) : (
        <div className="grid gap-4 sm:grid-cols-2">
          {([0, 1] as const).map((at) => (
            <div key={at} className="space-y-4">
              <Choice
                label={t(at === 0 ? "compare.one" : "compare.other")}
                value={pair[at]}
                options={names.map((name) => [name, player(wished.kind, name)] as const)}
                onChoose={(name) => choose(at, name)}
              />
              {pair[at] === OWN && (
                <LongField
                  label={t("compare.ownWords")}
                  hint={t("compare.ownWordsHint")}
                  value={wished.words[at]}
                  maxLength={LONGEST_WORDS}
                  onChange={(event) => write(at, event.target.value)}
                />
              )}
            </div>
          ))}
        </div>
      )}
      {names.length > 1 && alike && <p className="text-sm text-warning">{t("compare.alike")}</p>}
      <div className="max-w-sm">
        <Choice
          label={t("compare.task")}
          hint={t("compare.taskHint")}
          value={wished.task}
          options={TASKS.map((task) => [task, t(`compare.tasks.${task}`)] as const)}
          onChoose={(task) => onChange({ ...wished, task })}
        />
      </div>
      <Button type="submit" look="primary" disabled={!able}>
        {t("compare.submit")}
      </Button>
    </form>
  );
}
