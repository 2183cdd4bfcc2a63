import type { Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, opposite, stronger, UNDECIDED, weaker } from './certainty.ts';
import { outcomeOf } from './condition.ts';
import { allowApplies, type CompiledStatement, denyPasses, type PolicyDocument } from './policy-document.ts';
import { deniesCaller, namingOf } from './policy-principal.ts';
import { anyAllows, isAboutAction, type Relevant, type Rights, relevantTo } from './rights.ts';

/** What the side of the resource says. */
export interface ResourceSide {
  /** Account of the resource. */
  readonly account: string;
  /** Its policy; null where it has none, undefined where nobody described it. */
  readonly policy: PolicyDocument | null | undefined;
  /** The command that shows the policy. */
  readonly command: string;
  /** Grants of a key: whom one names needs nothing else, in another account neither (step 8). */
  readonly grants?: readonly CompiledStatement[];
  /** Resource control policies, a list for each level. */
  readonly controls: readonly (readonly CompiledStatement[])[];
  /** Those of them that apply and that nobody described, each with the command that shows it; they may deny. */
  readonly missing: readonly string[];
}

/** Something that an answer hangs on: a condition key of a statement. */
export interface Residue {
  readonly statement: string;
  readonly key: string;
  /** `environment` weakens; what is `undecided` nobody described. */
  readonly is: 'environment' | 'undecided';
}

/** Whether a request is allowed, with the ids of the statements that decide (attack-paths §3.1). */
export type Answer =
  | { readonly is: 'allow'; readonly by: readonly string[] }
  /** Without statements where nothing allows it. */
  | { readonly is: 'deny'; readonly by: readonly string[] }
  | { readonly is: 'conditional'; readonly residue: readonly Residue[]; readonly by: readonly string[] }
  | { readonly is: 'unknown'; readonly missing: readonly string[]; readonly by: readonly string[] };

/** Services whose resources can be reached only through their own policy (step 9). */
const NEEDS_RESOURCE_POLICY = /^(?:sts:assumerole|kms:)/;

/** How certain it is that a request is allowed; what was not described makes it undecided. */
export function certaintyOf(rights: Rights, question: Question, side: ResourceSide | null): Certainty {
  const { certainty, missing } = weigh(rights, question, side);
  return missing.length > 0 ? weaker(certainty, UNDECIDED) : certainty;
}

/** Decides a request in the order of attack-paths §3.1; `about` are the statements of the rights that are about its action. */
export function decide(
  rights: Rights,
  question: Question,
  side: ResourceSide | null,
  about: Relevant = relevantTo(rights, question.action),
): Answer {
  const weighed = weigh(rights, question, side, about);
  const { certainty, missing, denying, passes, relevant, resourcePolicy, controls } = weighed;
  if (certainty === NO) return { is: 'deny', by: denying };
  const grounds = groundsOf(
    [...relevant.allows, ...resourcePolicy.filter(({ allows }) => allows), ...weighed.grants],
    question,
  );
  const by = grounds.map(({ id }) => id);
  if (missing.length > 0) return { is: 'unknown', missing, by };
  if (certainty === CERTAIN) return { is: 'allow', by };
  const hanging = [
    ...neededOf(weighed, question).flatMap((allows) => groundsOf(allows, question)),
    ...[...(relevant.boundary ?? []), ...controls.flat()].filter(
      (each) => allowApplies(each, question) === certainty,
    ),
    ...passes.filter(([, pass]) => pass !== CERTAIN).map(([statement]) => statement),
  ];
  return { is: 'conditional', residue: residueOf(hanging, question), by };
}

interface Weighed {
  readonly certainty: Certainty;
  readonly missing: readonly string[];
  /** Ids of the Denies that certainly apply. */
  readonly denying: readonly string[];
  readonly passes: readonly (readonly [CompiledStatement, Certainty])[];
  readonly relevant: Relevant;
  readonly resourcePolicy: readonly CompiledStatement[];
  readonly grants: readonly CompiledStatement[];
  readonly controls: readonly (readonly CompiledStatement[])[];
  /** Whose Allows it takes: those of one of both sides, of each, or of the resource's alone. */
  readonly takes: 'either' | 'both' | 'resource' | 'grant';
}

/** Lists of Allows, of each of which one has to apply. */
function neededOf(
  { takes, relevant, resourcePolicy, grants }: Weighed,
  { caller }: Question,
): readonly (readonly CompiledStatement[])[] {
  const there = resourcePolicy.filter(({ allows }) => allows);
  switch (takes) {
    case 'either':
      return [[...relevant.allows, ...there]];
    case 'both':
      return [relevant.allows, there];
    case 'resource':
      return [there.filter((statement) => namingOf(statement, caller) !== 'account')];
    case 'grant':
      return [grants];
  }
}

function weigh(
  rights: Rights,
  question: Question,
  side: ResourceSide | null,
  relevant: Relevant = relevantTo(rights, question.action),
): Weighed {
  const { caller } = question;
  const { resourcePolicy, resourceControls, grants } =
    side === null ? NOTHING_THERE : thereOf(side, question.action);
  const passes: [CompiledStatement, Certainty][] = [];
  for (const each of relevant.denies) passes.push([each, denyPasses(each, question)]);
  for (const level of resourceControls)
    for (const each of level) if (!each.allows) passes.push([each, denyPasses(each, question)]);
  for (const each of resourcePolicy)
    if (!each.allows)
      passes.push([each, stronger(opposite(deniesCaller(each, caller)), denyPasses(each, question))]);
  const bounded = relevant.boundary === null ? CERTAIN : anyAllows(relevant.boundary, question);
  const own = weaker(anyAllows(relevant.allows, question), bounded);
  const isForeign = side !== null && side.account !== caller.account;
  const isMandatory = side !== null && NEEDS_RESOURCE_POLICY.test(question.action);
  // Without its policy nothing is certain but what the caller's own policies allow in its own account.
  const isUndescribed =
    side !== null && side.policy === undefined && (isForeign || isMandatory || own === NO);
  const named = namedCertainties(resourcePolicy, question);
  const alone = stronger(named.directly, weaker(named.byRole, bounded));
  const together = weaker(own, named.byAccount);
  const granted = namedCertainties(grants, question);
  const byGrant = stronger(granted.directly, weaker(granted.byRole, bounded));
  let certainty = own;
  let takes: Weighed['takes'] = 'either';
  if (isForeign && !isUndescribed) {
    certainty = weaker(own, stronger(named.directly, stronger(named.byRole, named.byAccount)));
    takes = 'both';
  } else if (isMandatory && !isUndescribed) {
    certainty = stronger(alone, together);
    takes = alone >= together ? 'resource' : 'both';
  } else if (!isUndescribed) certainty = stronger(alone, own);
  // It may name the caller, which is enough in the own account.
  else if (!isForeign) certainty = UNDECIDED;
  if (byGrant > certainty) {
    certainty = byGrant;
    takes = 'grant';
  }
  const controls =
    resourceControls.length === 0
      ? relevant.controls
      : [...relevant.controls, ...resourceControls.map((level) => level.filter(({ allows }) => allows))];
  for (const level of controls) certainty = weaker(certainty, anyAllows(level, question));
  for (const [, pass] of passes) certainty = weaker(certainty, pass);
  return {
    certainty,
    missing: [
      ...rights.missing,
      ...(side?.missing ?? []),
      // What is granted needs no policy that allows it.
      ...(isUndescribed && byGrant !== CERTAIN ? [side.command] : []),
    ],
    denying: passes.filter(([, pass]) => pass === NO).map(([{ id }]) => id),
    passes,
    relevant,
    resourcePolicy,
    grants,
    controls,
    takes,
  };
}

/** The statements of the side of the resource that are about an action. */
interface There {
  readonly resourcePolicy: readonly CompiledStatement[];
  readonly resourceControls: readonly (readonly CompiledStatement[])[];
  readonly grants: readonly CompiledStatement[];
}

const NOTHING_THERE: There = { resourcePolicy: [], resourceControls: [], grants: [] };

function thereOf({ policy, controls, grants = [] }: ResourceSide, action: string): There {
  const isAbout = isAboutAction(action);
  return {
    resourcePolicy: (policy?.statements ?? []).filter(isAbout),
    resourceControls: controls.map((level) => level.filter(isAbout)),
    grants: grants.filter(isAbout),
  };
}

/** How certainly the resource's own policy admits the caller, by how it names it. */
function namedCertainties(
  policy: readonly CompiledStatement[],
  question: Question,
): { readonly directly: Certainty; readonly byRole: Certainty; readonly byAccount: Certainty } {
  let [directly, byRole, byAccount] = [NO, NO, NO];
  for (const statement of policy) {
    if (!statement.allows) continue;
    const naming = namingOf(statement, question.caller);
    if (naming === 'none') continue;
    const applies = allowApplies(statement, question);
    if (naming === 'user' || naming === 'session') directly = stronger(directly, applies);
    else if (naming === 'role' || naming === 'everyone') byRole = stronger(byRole, applies);
    else byAccount = stronger(byAccount, applies);
  }
  return { directly, byRole, byAccount };
}

/** The Allows that apply most certainly. */
function groundsOf(allows: readonly CompiledStatement[], question: Question): readonly CompiledStatement[] {
  let most: Certainty = NO;
  let grounds: CompiledStatement[] = [];
  for (const statement of allows) {
    const isOfAll = statement.principal === undefined && statement.notPrincipal === undefined;
    if (!isOfAll && namingOf(statement, question.caller) === 'none') continue;
    const certainty = allowApplies(statement, question);
    if (certainty === NO || certainty < most) continue;
    if (certainty > most) grounds = [];
    most = certainty;
    grounds.push(statement);
  }
  return grounds;
}

function residueOf(statements: readonly CompiledStatement[], question: Question): readonly Residue[] {
  const residue: Residue[] = [];
  for (const statement of new Set(statements)) {
    const open = statement.tests.filter((test) => OPEN.has(outcomeOf(test, question)));
    for (const test of open) {
      const is = outcomeOf(test, question) === 'environment' ? 'environment' : 'undecided';
      residue.push({ statement: statement.id, key: test.key, is });
    }
    if (deniesCaller(statement, question.caller) === UNDECIDED)
      residue.push({ statement: statement.id, key: 'the principals that it spares', is: 'undecided' });
    else if (open.length === 0 && hasOpenVariable(statement, question))
      residue.push({ statement: statement.id, key: 'a variable in its resources', is: 'undecided' });
  }
  return residue;
}

const OPEN = new Set(['environment', 'undecided']);

function hasOpenVariable(statement: CompiledStatement, question: Question): boolean {
  const certainty = statement.allows ? allowApplies(statement, question) : denyPasses(statement, question);
  return certainty === UNDECIDED;
}
