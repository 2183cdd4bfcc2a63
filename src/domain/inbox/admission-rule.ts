import type { FindingType } from '../finding/finding-type.ts';
import type { DetectedRisk } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';

/** A rule that takes findings into the inbox: data, so that it can be shown, switched off and cloned. */
export interface AdmissionRule {
  /** `default.` and the type for the rules that ship with the product. */
  readonly id: string;
  readonly title: string;
  /** The criterion as a person would say it. */
  readonly sentence: string;
  readonly types: readonly FindingType[];
  /** All of them must be met. Empty: every finding of these types. */
  readonly when: readonly Condition[];
}

export type Condition =
  | { readonly fact: 'severity'; readonly atLeast: Severity }
  | { readonly fact: 'risk'; readonly risk: DetectedRisk; readonly is: 'yes' | 'not no' }
  | { readonly fact: 'known exploited' }
  | { readonly fact: 'published'; readonly withinDays: number }
  | { readonly fact: 'listed as emerging' }
  | { readonly fact: 'control marked for the inbox' }
  | { readonly fact: 'secret not known to be inactive' }
  | { readonly fact: 'about security' }
  | { readonly fact: 'any of'; readonly conditions: readonly Condition[] }
  | { readonly fact: 'all of'; readonly conditions: readonly Condition[] };
