/** The shapes of the API that pages speak of, named once. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type DocumentBrief = Schemas["DocumentBrief"];
export type Classification = DocumentBrief["classification"];
export type DocumentDetails = Schemas["DocumentDetails"];
/** Highlights are pairs of offsets; the client's types lose that they are two. */
export type Hit = Omit<Schemas["Hit"], "highlights"> & { highlights: number[][] };
export type FeedbackState = Schemas["FeedbackRead"];
export type Thumb = FeedbackState["thumbs"][number]["verdict"];
export type Passage = Schemas["PassageView"];
export type PassageInContext = Schemas["PassageInContext"];
export type SessionState = Schemas["BrowserSession"];
export type Source = Schemas["SourceRead"];
export type SyncRun = Schemas["RunRead"];
export type LedgerLine = Schemas["LedgerLineRead"];
export type Decision = Schemas["Decision"];
export type Exclusion = Schemas["ExclusionRead"];
export type Generation = Schemas["GenerationRead"];
export type ThesaurusEntry = Schemas["ThesaurusEntryRead"];
export type ThesaurusRelation = ThesaurusEntry["relation"];
export type ThesaurusState = ThesaurusEntry["state"];
export type ThesaurusLanguage = ThesaurusEntry["language"];
export type ThesaurusWish = Schemas["ThesaurusEntryAdded"];
export type ApiKey = Schemas["KeyRead"];
export type Scope = Schemas["Scope"];
export type AccessRequest = Schemas["AccessRequestRead"];
export type AccessWish = Schemas["AccessAsked"];
export type AccessDecision = Schemas["AccessDecided"];
export type Held = Schemas["HeldRead"];
export type HeldState = Held["state"];
export type HeldStage = Held["stage"];
export type HeldDecision = Schemas["Decided"]["decision"];
export type HeldWords = Schemas["WordsRead"];
export type WholeHeld = Schemas["WholeHeld"];
export type ApprovedAnswer = Schemas["PairRead"];
export type ApprovedWish = Schemas["NewPair"];
export type ReaderGroup = Schemas["ReaderRead"];
export type ConversationBrief = Schemas["ConversationRead"];
export type WholeConversation = Schemas["WholeConversation"];
export type QuestionTurn = Schemas["QuestionTurn"];
export type AnswerTurn = Schemas["AnswerTurn"];
export type Share = Schemas["centaure__answering__conversations__schemas__ShareRead"];
export type Group = Schemas["GroupRead"];
export type DroppedFile = Schemas["FileRead"];
export type FolderAdded = Schemas["FolderAdded"];
export type FolderLook = Schemas["FolderLook"];
export type FolderPlace = Schemas["FolderPlace"];
export type FolderProgress = Schemas["FolderProgress"];
/** The rest has defaults. */
export type ModelWish = Pick<Schemas["ModelAdded"], "name"> & Partial<Schemas["ModelAdded"]>;
export type ServerDetected = Schemas["ServerDetected"];
export type GamePlayed = Schemas["Played"];
export type GameSaid = Schemas["Said"];
export type Account = Schemas["UserRead"];
