import { expect, test } from "vitest";
import { addressOf, withLayouts } from "./vite.parts";

test("a route has the address that its folders tell, groups aside", () => {
  expect(addressOf("_app/_ask/index")).toBe("/");
  expect(addressOf("_app/_ask/c/$conversation")).toBe("/c/$conversation");
  expect(addressOf("_app/assistants/$key/edit")).toBe("/assistants/$key/edit");
  expect(addressOf("sign-in")).toBe("/sign-in");
});

test("a route needs its layouts too, files and folders alike", () => {
  const around = withLayouts("_app/assistants/index");
  expect(around).toEqual(expect.arrayContaining(["_app", "_app/assistants/route", "_app/assistants/index"]));
});
