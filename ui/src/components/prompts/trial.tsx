import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { choicesQuery } from "@/api/comparisons/queries";
import { promptKeys, scorePrompt } from "@/api/prompts/queries";
import { type Cell, streamTrial } from "@/api/prompts/stream";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Field, LongField } from "../ui/field";
import { variablesOf } from "./variables";

const MOST_MODELS = 4;
const MOST_INPUTS = 10;
const MOST_CELLS = 20;

interface Saved {
  prompt: number;
  version: number;
}

interface Props {
  text: string;
  /** What scores are for; null while the words are not saved. */
  scored: Saved | null;
}

interface Row {
  key: number;
  values: Record<string, string>;
}

interface Run {
  models: string[];
  rows: number;
  temperature: number | null;
  saved: Saved | null;
  cells: Cell[];
  state: "running" | "done" | "failed";
  problem: unknown;
}

/** The words on several models side by side, on one input or a few. */
export function TrialForm({ text, scored }: Props) {
  const { t } = useTranslation();
  const choices = useQuery(choicesQuery);
  const [models, setModels] = useState<string[] | null>(null);
  const [rows, setRows] = useState<Row[]>([{ key: 0, values: {} }]);
  const [temperature, setTemperature] = useState("");
  const [length, setLength] = useState("500");
  const [run, setRun] = useState<Run | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const names = choices.data?.models.map(({ name }) => name) ?? [];
  const chosen = models ?? names.slice(0, 2);
  const variables = variablesOf(text);
  const inputs = variables.length > 0 ? rows : rows.slice(0, 1);
  const missing = inputs.some(({ values }) => variables.some((name) => !values[name]?.trim()));
  const cells = chosen.length * inputs.length;
  const heat = temperature.trim() === "" ? null : Number(temperature.replace(",", "."));
  const most = Number(length);
  const able =
    text.trim() !== "" &&
    chosen.length > 0 &&
    !missing &&
    cells <= MOST_CELLS &&
    (heat === null || (heat >= 0 && heat <= 2)) &&
    most >= 1 &&
    most <= 2000 &&
    run?.state !== "running";
  const start = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setRun({
      models: chosen,
      rows: inputs.length,
      temperature: heat,
      saved: scored,
      cells: [],
      state: "running",
      problem: null,
    });
    const wish = {
      text,
      models: chosen,
      inputs: inputs.map(({ values }) =>
        Object.fromEntries(variables.map((name) => [name, values[name] ?? ""])),
      ),
      temperature: heat,
      most_tokens: most,
    };
    try {
      for await (const cell of streamTrial(wish, controller.signal)) {
        if (controller.signal.aborted) return;
        setRun((before) => before && { ...before, cells: [...before.cells, cell] });
      }
      setRun((before) => before && { ...before, state: "done" });
    } catch (problem) {
      if (controller.signal.aborted) return;
      setRun((before) => before && { ...before, state: "failed", problem });
    }
  };
  const stop = () => {
    running.current?.abort();
    setRun((before) => before && { ...before, state: "done" });
  };
  return (
    <section aria-labelledby="trial">
      <h2 id="trial" className="mb-4 text-lg font-semibold">
        {t("prompts.trial.title")}
      </h2>
      {choices.isPending && <Waiting lines={4} />}
      {choices.isError && <ProblemNotice error={choices.error} onRetry={() => void choices.refetch()} />}
      {choices.data && names.length === 0 && (
        <Notice title={t("prompts.trial.noModel")}>{t("prompts.trial.noModelAdvice")}</Notice>
      )}
      {names.length > 0 && (
        <form
          className="max-w-3xl space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            if (able) void start();
          }}
        >
          <fieldset>
            <legend className="mb-2 text-sm font-medium">
              {t("prompts.trial.models", { count: MOST_MODELS })}
            </legend>
            <div className="flex flex-wrap gap-x-6 gap-y-2">
              {names.map((name) => (
                <label key={name} className="flex min-h-9 min-w-0 items-center gap-2 break-all">
                  <input
                    type="checkbox"
                    checked={chosen.includes(name)}
                    disabled={!chosen.includes(name) && chosen.length >= MOST_MODELS}
                    onChange={(event) =>
                      setModels(
                        event.target.checked ? [...chosen, name] : chosen.filter((each) => each !== name),
                      )
                    }
                    className="size-[1.125rem] shrink-0 accent-accent"
                  />
                  {name}
                </label>
              ))}
            </div>
          </fieldset>
          {variables.length > 0 &&
            rows.map((row, at) => (
              <fieldset key={row.key} className="rounded-xl border p-4">
                <legend className="px-1 text-sm font-medium">
                  {t("prompts.trial.input", { number: at + 1 })}
                </legend>
                <div className="space-y-4">
                  {variables.map((name) => (
                    <LongField
                      key={name}
                      label={name}
                      value={row.values[name] ?? ""}
                      rows={1}
                      maxLength={20_000}
                      onChange={(event) =>
                        setRows(
                          rows.map((each) =>
                            each.key === row.key
                              ? { ...each, values: { ...each.values, [name]: event.target.value } }
                              : each,
                          ),
                        )
                      }
                    />
                  ))}
                </div>
                {rows.length > 1 && (
                  <Button
                    size="small"
                    className="mt-3"
                    aria-label={t("prompts.trial.dropOne", { number: at + 1 })}
                    onClick={() => setRows(rows.filter((each) => each.key !== row.key))}
                  >
                    {t("prompts.trial.drop")}
                  </Button>
                )}
              </fieldset>
            ))}
          {variables.length > 0 && rows.length < MOST_INPUTS && (
            <Button
              size="small"
              onClick={() =>
                setRows([...rows, { key: Math.max(...rows.map(({ key }) => key)) + 1, values: {} }])
              }
            >
              {t("prompts.trial.add")}
            </Button>
          )}
          <div className="grid max-w-md grid-cols-2 gap-4">
            <Field
              label={t("prompts.trial.temperature")}
              hint={t("prompts.trial.temperatureHint")}
              value={temperature}
              inputMode="decimal"
              autoComplete="off"
              onChange={(event) => setTemperature(event.target.value)}
            />
            <Field
              label={t("prompts.trial.length")}
              hint={t("prompts.trial.lengthHint")}
              value={length}
              inputMode="numeric"
              autoComplete="off"
              onChange={(event) => setLength(event.target.value)}
            />
          </div>
          {cells > MOST_CELLS && (
            <p className="text-sm text-warning">{t("prompts.trial.tooMany", { count: MOST_CELLS })}</p>
          )}
          <div className="flex gap-2">
            <Button type="submit" look="primary" disabled={!able}>
              {t("prompts.trial.run")}
            </Button>
            {run?.state === "running" && <Button onClick={stop}>{t("prompts.trial.stop")}</Button>}
          </div>
        </form>
      )}
      {run && <Results run={run} />}
    </section>
  );
}

/** The answers: a row for each input, a column for each model. */
function Results({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { models, rows, cells, state } = run;
  const found = new Map(cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  return (
    <div className="mt-8">
      <p role="status" className="mb-4 text-sm text-ink-soft">
        {t(state === "running" ? "prompts.trial.running" : "prompts.trial.done", {
          count: models.length * rows,
          done: cells.length,
        })}
      </p>
      {state === "failed" && <ProblemNotice error={run.problem} />}
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="mb-6">
          {rows > 1 && (
            <h3 className="mb-2 text-sm font-semibold text-ink-soft">
              {t("prompts.trial.input", { number: row + 1 })}
            </h3>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            {models.map((model, column) => (
              <CellView
                key={model}
                model={model}
                cell={found.get(`${row} ${column}`)}
                waits={state === "running"}
                run={run}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

function CellView({
  model,
  cell,
  waits,
  run,
}: {
  model: string;
  cell: Cell | undefined;
  waits: boolean;
  run: Run;
}) {
  const { t, i18n } = useTranslation();
  const { number } = useFormats();
  const Name = run.rows > 1 ? "h4" : "h3";
  const money = new Intl.NumberFormat(i18n.language, {
    style: "currency",
    currency: "EUR",
    maximumFractionDigits: 6,
  });
  return (
    <article className="min-w-0 rounded-2xl border bg-surface p-5" aria-busy={waits && !cell}>
      <Name className="mb-2 font-medium break-words">{cell?.model || model}</Name>
      {!cell && waits && <Waiting lines={3} />}
      {cell?.problem && <p className="text-sm text-danger">{cell.problem}</p>}
      {cell?.text && <p className="font-serif break-words whitespace-pre-line">{cell.text}</p>}
      {cell && !cell.problem && (
        <p className="mt-3 text-sm text-ink-soft tabular-nums">
          {t("prompts.trial.tokens", {
            read: number(cell.prompt_tokens),
            written: number(cell.completion_tokens),
          })}
          {cell.euros !== null && <> · {money.format(cell.euros)}</>}
        </p>
      )}
      {cell?.text && run.saved && <Score model={model} saved={run.saved} temperature={run.temperature} />}
      {cell?.text && !run.saved && (
        <p className="mt-3 text-sm text-ink-soft">{t("prompts.trial.saveToScore")}</p>
      )}
    </article>
  );
}

const SCORES = [1, 2, 3, 4, 5];

function Score({ model, saved, temperature }: { model: string; saved: Saved; temperature: number | null }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const queryClient = useQueryClient();
  const scoring = useMutation({
    mutationFn: (score: number) =>
      scorePrompt(saved.prompt, { version: saved.version, model, temperature, score }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...promptKeys.all, saved.prompt] }),
  });
  return (
    <fieldset className="mt-3" disabled={scoring.isPending || scoring.isSuccess}>
      <legend className="mb-1.5 text-sm text-ink-soft">
        {scoring.isSuccess ? t("prompts.trial.scored") : t("prompts.trial.score")}
      </legend>
      <div className="flex gap-1.5">
        {SCORES.map((score) => (
          <button
            key={score}
            type="button"
            aria-label={t("prompts.trial.scoreOne", { count: score, model })}
            aria-pressed={scoring.variables === score}
            onClick={() => scoring.mutate(score)}
            className={classes(
              "size-9 rounded-lg border text-sm tabular-nums transition-colors",
              scoring.variables === score
                ? "border-accent bg-accent-soft font-semibold text-accent"
                : "enabled:hover:bg-sunken disabled:text-ink-faint",
            )}
          >
            {number(score)}
          </button>
        ))}
      </div>
      {scoring.isError && <ProblemNotice error={scoring.error} />}
    </fieldset>
  );
}
