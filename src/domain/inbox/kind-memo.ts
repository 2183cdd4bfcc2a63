import { getOrMake } from '#base/get-or-make.ts';
import type { Assessment } from '../risk/assess-finding.ts';

/** Remembers what rules say of all findings that share an assessment, as long as both are there. */
export class KindMemo<Rules extends object, Said> {
  readonly #known = new WeakMap<Rules, WeakMap<Assessment, Said>>();

  of(rules: Rules, assessment: Assessment, make: () => Said): Said {
    const ofRules = getOrMake(this.#known, rules, () => new WeakMap());
    return getOrMake(ofRules, assessment, make);
  }
}
