import type { AdmissionRule } from './admission-rule.ts';
import { ATTACK_PATH } from './rules/attack-path.ts';
import { CODE_VULNERABILITY } from './rules/code-vulnerability.ts';
import { EMERGING } from './rules/emerging.ts';
import { IAC_MISCONFIGURATION } from './rules/iac-misconfiguration.ts';
import { IDENTITY_RISK } from './rules/identity-risk.ts';
import { KNOWN_EXPLOITED } from './rules/known-exploited.ts';
import { LIBRARY_VULNERABILITY } from './rules/library-vulnerability.ts';
import { MISCONFIGURATION } from './rules/misconfiguration.ts';
import { SECRET } from './rules/secret.ts';

/** The rules that ship with the product, alphabetical. A house test holds this list equal to the files. */
export const DEFAULT_RULES: readonly AdmissionRule[] = [
  ATTACK_PATH,
  CODE_VULNERABILITY,
  EMERGING,
  IAC_MISCONFIGURATION,
  IDENTITY_RISK,
  KNOWN_EXPLOITED,
  LIBRARY_VULNERABILITY,
  MISCONFIGURATION,
  SECRET,
];
