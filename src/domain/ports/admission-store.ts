import type { FindingType } from '../finding/finding-type.ts';
import type { OwnRule, RuleEdits } from '../inbox/effective-rules.ts';
import type { AdvisoryRating, AdvisoryRatings } from '../severity/advisory-rating.ts';
import type { ScoringSettings } from '../severity/scoring-settings.ts';

/** A rule of the organisation before anybody has stored it. */
export type NewRule = Omit<OwnRule, 'by' | 'at' | 'isEnabled'>;

/** Keeps what an organisation says about admission and scoring. Each change is audited, and assesses anew what it can move. */
export interface AdmissionStore {
  edits(): Promise<RuleEdits>;
  /** Switches a rule on or off; `types` are those of its findings. */
  switchRule(id: string, isEnabled: boolean, types: readonly FindingType[], actor: string): Promise<void>;
  addRule(rule: NewRule, actor: string): Promise<void>;
  /** Takes a rule of the organisation away. */
  removeRule(id: string, types: readonly FindingType[], actor: string): Promise<void>;
  scoring(): Promise<ScoringSettings>;
  setScoring(settings: ScoringSettings, actor: string): Promise<void>;
  /** How the organisation rates advisories itself. */
  ratings(): Promise<AdvisoryRatings>;
  /** Rates one, by its name in use; answers that name. */
  rate(advisory: string, rating: Omit<AdvisoryRating, 'by' | 'at'>, actor: string): Promise<string>;
  /** What was published counts again; false where nobody had rated it. */
  unrate(advisory: string, actor: string): Promise<boolean>;
}
