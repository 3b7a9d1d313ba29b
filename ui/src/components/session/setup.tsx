import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemKind } from "@/api/problem";
import { redeemInvitation } from "@/api/session/queries";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Frame } from "./frame";
import { PasswordField } from "./password";
import { useWelcome } from "./welcome";

const SHORTEST_PASSWORD = 12;

/** Where a one-time link leads: the first administrator makes their account, an invited person a password. */
export function SetupPage({ token }: { token: string }) {
  const { t } = useTranslation();
  const welcome = useWelcome();
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const redeem = useMutation({
    mutationFn: () => redeemInvitation({ token, name: name.trim(), login: login.trim(), password }),
    // Whoever administers an installation that is new finds it empty.
    onSuccess: (session) => welcome(session, session.user.roles.includes("administrator") ? "/start" : "/"),
  });
  const kind = redeem.isError ? problemKind(redeem.error) : null;
  const spent = token === "" || kind === "missing" || kind === "signedOut";
  if (spent) {
    return (
      <Frame title={t("setup.spent")} lead={t("setup.spentAdvice")}>
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
          {t("session.signIn")}
        </Link>
      </Frame>
    );
  }
  return (
    <Frame title={t("setup.title")} lead={t("setup.lead")} languages="first">
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          redeem.mutate();
        }}
      >
        {redeem.isError && <ProblemNotice error={redeem.error} />}
        <Field
          label={t("setup.name")}
          name="name"
          autoComplete="name"
          hint={t("setup.nameHint")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t("session.login")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck="false"
          hint={t("setup.loginHint")}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <PasswordField
          label={t("session.password")}
          name="password"
          autoComplete="new-password"
          hint={t("setup.passwordHint", { count: SHORTEST_PASSWORD })}
          required
          minLength={SHORTEST_PASSWORD}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" className="h-11 w-full" disabled={redeem.isPending}>
          {t("setup.submit")}
        </Button>
      </form>
    </Frame>
  );
}
