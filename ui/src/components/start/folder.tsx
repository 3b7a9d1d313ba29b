import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addFolder, foldersQuery, lookAtFolder, usersQuery } from "@/api/start/queries";
import type { Classification, FolderLook } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Choice, Field } from "../ui/field";
import { Option } from "./option";

const CLASSES = ["C0", "C1", "C2", "C3"] as const;
type Who = "me" | "everybody" | "some";

interface Props {
  login: string;
  onBack: () => void;
  onLater: () => void;
  onAdded: (request: number) => void;
}

/** Which folder, what would be read in it, and who is to read it: nobody until that is chosen. */
export function FolderStep({ login, onBack, onLater, onAdded }: Props) {
  const { t } = useTranslation("start");
  const places = useQuery(foldersQuery);
  const [way, setWay] = useState<"sample" | "own">();
  const [path, setPath] = useState("");
  const look = useMutation({ mutationFn: lookAtFolder });
  if (places.isPending) return <Waiting lines={5} />;
  if (places.isError) {
    return <ProblemNotice error={places.error} onRetry={() => void places.refetch()} />;
  }
  const sample = places.data.find((place) => place.sample);
  const own = places.data.filter((place) => !place.sample);
  const seen = look.data;
  const choose = (next: "sample" | "own") => {
    setWay(next);
    look.reset();
    if (next === "sample" && sample) look.mutate(sample.path);
    if (next === "own" && path === "") setPath(own[0]?.path ?? "");
  };
  return (
    <>
      <fieldset className="space-y-3">
        <legend className="sr-only">{t("folder.title")}</legend>
        <Option
          group="way"
          chosen={way === "own"}
          title={t("folder.own")}
          text={t("folder.ownText")}
          onChoose={() => choose("own")}
        >
          <ul className="space-y-1">
            {own.map((place) => (
              <li key={place.path}>
                <code className="rounded-md bg-sunken px-1.5 py-0.5 text-sm break-all">{place.path}</code>
              </li>
            ))}
          </ul>
          <form
            className="flex flex-wrap items-end gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              look.mutate(path.trim());
            }}
          >
            <Field
              className="min-w-0 flex-1 basis-64"
              label={t("folder.path")}
              required
              maxLength={1000}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck="false"
              value={path}
              onChange={(event) => {
                setPath(event.target.value);
                look.reset();
              }}
            />
            <Button type="submit" className="h-11" disabled={look.isPending || path.trim() === ""}>
              {t("folder.look")}
            </Button>
          </form>
        </Option>
        {sample && (
          <Option
            group="way"
            chosen={way === "sample"}
            title={t("folder.sample")}
            text={t("folder.sampleText")}
            onChoose={() => choose("sample")}
          />
        )}
      </fieldset>
      <div className="mt-5 space-y-5">
        <div role="status">
          {look.isPending && <p className="text-sm text-ink-faint">{t("folder.looking")}</p>}
          {seen && <Seen look={seen} />}
        </div>
        {look.isError && <ProblemNotice error={look.error} />}
        {seen && seen.problem === "" && seen.files > 0 && (
          <Readers key={seen.path} look={seen} login={login} onAdded={onAdded} />
        )}
      </div>
      <div className="mt-8 flex justify-between gap-3">
        <Button look="quiet" onClick={onBack}>
          {t("back")}
        </Button>
        <Button look="quiet" onClick={onLater}>
          {t("later")}
        </Button>
      </div>
    </>
  );
}

/** How much of what, or why not. */
function Seen({ look }: { look: FolderLook }) {
  const { t, i18n } = useTranslation("start");
  const { number, size } = useFormats();
  if (look.problem !== "") {
    return (
      <Notice tone="warning" title={t(`folder.refused.${look.problem}`)}>
        {t(`folder.refusedAdvice.${look.problem}`)}
      </Notice>
    );
  }
  if (look.files === 0) {
    return (
      <Notice tone="warning" title={t("folder.empty")}>
        {t("folder.emptyAdvice")}
      </Notice>
    );
  }
  const formats = Object.entries(look.formats).sort(([, a], [, b]) => b - a);
  const shown = `${look.whole ? "" : `${t("folder.atLeast")} `}${number(look.files)}`;
  return (
    <Notice title={`${t("folder.files", { count: look.files, shown })} (${size(look.bytes)})`}>
      <ul className="mt-1 flex flex-wrap gap-2">
        {formats.map(([format, count]) => (
          <li key={format} className="rounded-full bg-sunken px-2.5 py-0.5 text-sm">
            {i18n.exists(`start:folder.formats.${format}`)
              ? t(`folder.formats.${format}` as "folder.formats.pdf")
              : format}{" "}
            <span className="tabular-nums">{number(count)}</span>
          </li>
        ))}
      </ul>
      {look.others > 0 && (
        <p className="mt-2 text-sm">
          {t("folder.others", { count: look.others, shown: number(look.others) })}
        </p>
      )}
    </Notice>
  );
}

function Readers({
  look,
  login,
  onAdded,
}: {
  look: FolderLook;
  login: string;
  onAdded: (request: number) => void;
}) {
  const { t } = useTranslation("start");
  const { t: common } = useTranslation();
  const [who, setWho] = useState<Who>();
  const [people, setPeople] = useState<string[]>([]);
  const [classification, setClassification] = useState<Classification>("C1");
  const readers = look.ruled || !who ? [] : { me: [login], everybody: ["*"], some: people }[who];
  const add = useMutation({
    mutationFn: () => addFolder({ path: look.path, name: "", readers, classification }),
    onSuccess: ({ id }) => onAdded(id),
  });
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      {look.ruled ? (
        <Notice title={t("folder.ruled")}>{t("folder.ruledText")}</Notice>
      ) : (
        <>
          <fieldset>
            <legend className="text-lg font-semibold">{t("folder.readers")}</legend>
            <p className="mb-3 text-sm text-ink-faint">{t("folder.readersHint")}</p>
            <div className="flex flex-wrap gap-x-6 gap-y-2">
              {(["me", "everybody", "some"] as const).map((each) => (
                <label key={each} className="flex min-h-8 cursor-pointer items-center gap-2">
                  <input
                    type="radio"
                    name="readers"
                    checked={who === each}
                    onChange={() => setWho(each)}
                    className="size-4 accent-accent"
                  />
                  {t(`folder.${each}`)}
                </label>
              ))}
            </div>
          </fieldset>
          {who === "some" && <People chosen={people} onChoose={setPeople} />}
          <Choice
            label={t("folder.class")}
            value={classification}
            options={CLASSES.map((each) => [each, `${each} · ${common(`classification.${each}`)}`] as const)}
            onChoose={setClassification}
          />
        </>
      )}
      {add.isError && <ProblemNotice error={add.error} />}
      <Button
        type="submit"
        look="primary"
        className="h-11 w-full"
        disabled={add.isPending || (!look.ruled && readers.length === 0)}
      >
        {t("folder.add")}
      </Button>
    </form>
  );
}

function People({ chosen, onChoose }: { chosen: string[]; onChoose: (people: string[]) => void }) {
  const { t } = useTranslation("start");
  const users = useQuery(usersQuery);
  if (users.isError) return <ProblemNotice error={users.error} onRetry={() => void users.refetch()} />;
  return (
    <fieldset className="max-h-60 overflow-y-auto rounded-xl border bg-surface p-3">
      <legend className="sr-only">{t("folder.people")}</legend>
      {users.isPending && <Waiting lines={3} />}
      {users.data?.map(({ login, name }) => (
        <label key={login} className="flex min-h-8 cursor-pointer items-center gap-2.5">
          <input
            type="checkbox"
            checked={chosen.includes(login)}
            onChange={(event) =>
              onChoose(event.target.checked ? [...chosen, login] : chosen.filter((each) => each !== login))
            }
            className="size-4 accent-accent"
          />
          <span>
            {name} <span className="text-sm text-ink-faint">{login}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
