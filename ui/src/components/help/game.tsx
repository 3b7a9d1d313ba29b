import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { boardQuery, levelQuery, play } from "@/api/game/queries";
import type { GamePlayed, GameSaid } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { readPreference, writePreference } from "@/shared/preferences";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Field } from "../ui/field";

const LAST = 8;
const MOST_LINES = 40;

interface Line {
  number: number;
  asked: string;
  said: string;
}

const draw = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/** The game, level by level. The server keeps nothing of it: each line goes with those before it. */
export function GameView() {
  const { t } = useTranslation("help");
  const [number, setNumber] = useState(draw);
  const [level, setLevel] = useState(1);
  const [team, setTeam] = useState(() => readPreference("team") ?? "");
  return (
    <div className="grid gap-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <section>
        <h2 className="font-serif text-2xl font-medium">{t("game.title")}</h2>
        <p className="mt-2 max-w-prose text-ink-soft">{t("game.lead")}</p>
        {level > LAST ? (
          <div className="mt-6">
            <Notice
              title={t("game.over")}
              actions={
                <Button
                  onClick={() => {
                    setNumber(draw());
                    setLevel(1);
                  }}
                >
                  {t("game.play")}
                </Button>
              }
            />
          </div>
        ) : (
          <Level
            key={`${number}-${level}`}
            number={number}
            level={level}
            team={team.trim()}
            onNext={() => setLevel(level + 1)}
          />
        )}
      </section>
      <aside className="space-y-8">
        <Field
          label={t("game.team")}
          hint={t("game.teamHint")}
          maxLength={60}
          autoComplete="off"
          value={team}
          onChange={(event) => {
            setTeam(event.target.value);
            writePreference("team", event.target.value);
          }}
        />
        <Board />
      </aside>
    </div>
  );
}

interface LevelProps {
  number: number;
  level: number;
  team: string;
  onNext: () => void;
}

function Level({ number, level, team, onNext }: LevelProps) {
  const { t, i18n } = useTranslation("help");
  const queryClient = useQueryClient();
  // The words are those of the language in which the level began.
  const [language] = useState(() => i18n.language as GamePlayed["language"]);
  const [lines, setLines] = useState<Line[]>([]);
  const [message, setMessage] = useState("");
  const [guess, setGuess] = useState("");
  const [won, setWon] = useState<GameSaid | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const end = useRef<HTMLLIElement>(null);
  const base = { language, number, level, team };
  const told = useQuery(levelQuery({ ...base, lines: [] }));
  const say = useMutation({
    mutationFn: (line: string) => play({ ...base, lines: [...lines.map(({ asked }) => asked), line] }),
    onSuccess: (said, line) => {
      if (said.solved) {
        setWon(said);
        void queryClient.invalidateQueries({ queryKey: boardQuery.queryKey });
      } else setLines([...lines, { number: lines.length, asked: line, said: said.said }]);
    },
  });
  useEffect(() => {
    if (won) next.current?.focus();
  }, [won]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each line.
  useEffect(() => {
    // A promise in newer browsers, which an effect may not give back.
    void end.current?.scrollIntoView({ block: "nearest" });
  }, [lines.length]);
  const send = (line: string) => {
    if (line !== "" && !say.isPending) say.mutate(line);
  };
  const again = () => {
    setLines([]);
    setMessage("");
    setGuess("");
    box.current?.focus();
  };
  const full = lines.length >= MOST_LINES - 1;
  return (
    <div className="mt-6 rounded-2xl border bg-surface p-5">
      <p className="text-sm font-semibold text-accent">{t("game.level", { level, of: LAST })}</p>
      {told.isPending && <Waiting lines={1} />}
      {told.isError && <ProblemNotice error={told.error} onRetry={() => void told.refetch()} />}
      {told.data && <p className="mt-1 font-medium">{told.data.told}</p>}
      {lines.length > 0 && (
        <ol
          aria-label={t("game.talk")}
          aria-live="polite"
          className="mt-4 max-h-80 space-y-3 overflow-y-auto border-t pt-4"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard too.
          tabIndex={0}
        >
          {lines.map(({ number: place, asked, said }) => (
            <li key={place} ref={place === lines.length - 1 ? end : null} className="space-y-1.5">
              <p className="ml-auto w-fit max-w-[85%] rounded-2xl rounded-br-md bg-sunken px-3.5 py-2 break-words">
                <span className="sr-only">{t("game.you")} </span>
                {asked.replace(/^\/word /, "")}
              </p>
              <p className="w-fit max-w-[85%] rounded-2xl rounded-bl-md bg-accent-soft px-3.5 py-2 break-words">
                <span className="sr-only">{t("game.keeper")} </span>
                {said}
              </p>
            </li>
          ))}
        </ol>
      )}
      {say.isError && (
        <div className="mt-4">
          <ProblemNotice error={say.error} />
        </div>
      )}
      {won ? (
        <div role="status" className="mt-4 rounded-xl bg-accent-soft p-4">
          <p className="font-semibold text-accent">{t("game.solved", { count: won.questions })}</p>
          <p className="mt-2 text-sm font-semibold">{t("game.lesson")}</p>
          <p className="mt-0.5">{won.lesson}</p>
          <Button ref={next} look="primary" className="mt-4" onClick={onNext}>
            {t("game.next")}
          </Button>
        </div>
      ) : full ? (
        <div className="mt-4">
          <Notice title={t("game.full")} actions={<Button onClick={again}>{t("game.restart")}</Button>} />
        </div>
      ) : (
        <div className="mt-5 space-y-4">
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              send(message.trim());
              setMessage("");
            }}
          >
            <label className="min-w-0 flex-1">
              <span className="mb-1.5 block text-sm font-medium">{t("game.say")}</span>
              <input
                ref={box}
                value={message}
                maxLength={500}
                autoComplete="off"
                onChange={(event) => setMessage(event.target.value)}
                className="h-11 w-full rounded-lg border border-line-strong bg-surface px-3"
              />
            </label>
            <Button type="submit" look="primary" className="h-11" disabled={message.trim() === ""}>
              {t("game.send")}
            </Button>
          </form>
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              send(`/word ${guess.trim()}`);
              setGuess("");
            }}
          >
            <Field
              className="min-w-0 flex-1"
              label={t("game.guess")}
              maxLength={60}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck="false"
              value={guess}
              onChange={(event) => setGuess(event.target.value)}
            />
            <Button type="submit" className="h-11" disabled={guess.trim() === ""}>
              {t("game.answer")}
            </Button>
          </form>
          {level === LAST && <Button onClick={() => send("/absent")}>{t("game.absent")}</Button>}
        </div>
      )}
    </div>
  );
}

function Board() {
  const { t } = useTranslation("help");
  const { number } = useFormats();
  const board = useQuery(boardQuery);
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{t("game.board")}</h2>
      {board.isPending && <Waiting lines={2} />}
      {board.isError && <ProblemNotice error={board.error} onRetry={() => void board.refetch()} />}
      {board.data?.length === 0 && <p className="text-ink-soft">{t("game.boardEmpty")}</p>}
      {board.data && board.data.length > 0 && (
        <table className="w-full text-left">
          <thead className="text-sm text-ink-faint">
            <tr>
              <th scope="col" className="py-1.5 font-medium">
                {t("game.boardTeam")}
              </th>
              <th scope="col" className="py-1.5 text-right font-medium">
                {t("game.boardLevels")}
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                {t("game.boardQuestions")}
              </th>
            </tr>
          </thead>
          <tbody>
            {board.data.map(({ team, levels, questions }) => (
              <tr key={team} className="border-t">
                <th scope="row" className="max-w-40 truncate py-2 font-medium">
                  {team}
                </th>
                <td className="py-2 text-right tabular-nums">{number(levels)}</td>
                <td className="py-2 pl-3 text-right tabular-nums">{number(questions)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
