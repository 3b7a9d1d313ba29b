/** The shapes of the API that the pages of administrators speak of, named once. */
import type { components } from "../schema";

type Schemas = components["schemas"];

export type Model = Schemas["centaure__gateway__schemas__ModelRead"];
export type ModelWish = Schemas["ModelChanged"];
export type ModelOptions = Schemas["ModelOptions"];
export type ModelTried = Schemas["ModelTried"];
export type ModelKind = Model["kind"];
export type Lifecycle = ModelWish["lifecycle"];
export type Capability = Model["capabilities"][number];
export type Purpose = Schemas["Purpose"];
export type Rule = Schemas["RuleDescription"];
export type RequestFacts = Schemas["RouteAsked"];
export type Route = Schemas["RouteRead"];
export type LeftOut = Schemas["LeftOutModel"];
export type Needs = Schemas["NeedsAsked"];
export type Ranking = Schemas["RankingRead"];
export type Choice = Schemas["ChoiceRead"];
export type Point = Schemas["PointRead"];
