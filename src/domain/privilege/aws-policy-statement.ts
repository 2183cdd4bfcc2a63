import { asObject, asText, asTexts, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { PolicyFacts, StatementFacts } from '../resource/facts/fact-shape.ts';

/** The actions or resources of a statement; with `except`, all but these. */
export interface Named {
  readonly patterns: readonly string[];
  readonly except: boolean;
}

/** A statement of an IAM policy, made ready for questions. */
export interface Statement {
  /** The name that its author gave it; null where it has none. */
  readonly sid: string | null;
  readonly allows: boolean;
  /** In lower case: actions are compared without it. */
  readonly actions: Named;
  /** Null where the policy belongs to one resource and the statement names none (trust policies). */
  readonly resources: Named | null;
  readonly condition: JsonObject | null;
  readonly principal: JsonValue | undefined;
  readonly notPrincipal: JsonValue | undefined;
}

/** The statements of a policy. One whose effect is neither Allow nor Deny is none: AWS accepts no such policy. */
export function statementsOf(policy: PolicyFacts): readonly Statement[] {
  return policy.Statement.flatMap((facts) => {
    const effect = facts.Effect;
    if (effect !== 'Allow' && effect !== 'Deny') return [];
    return [
      {
        sid: asText(facts.Sid) ?? null,
        allows: effect === 'Allow',
        actions: inLowerCase(named(facts.Action, facts.NotAction)),
        resources:
          facts.Resource === undefined && facts.NotResource === undefined
            ? null
            : named(facts.Resource, facts.NotResource),
        condition: conditionOf(facts),
        principal: facts.Principal,
        notPrincipal: facts.NotPrincipal,
      },
    ];
  });
}

function named(those: JsonValue | undefined, allBut: JsonValue | undefined): Named {
  return those === undefined
    ? { patterns: asTexts(allBut), except: allBut !== undefined }
    : { patterns: asTexts(those), except: false };
}

function inLowerCase({ patterns, except }: Named): Named {
  return { patterns: patterns.map((pattern) => pattern.toLowerCase()), except };
}

function conditionOf({ Condition }: StatementFacts): JsonObject | null {
  const condition = asObject(Condition);
  return condition === undefined || Object.keys(condition).length === 0 ? null : condition;
}

/** Whether a statement is about an action (`s3:GetObject`), in any case of its letters. */
export function matchesAction({ actions }: Statement, action: string): boolean {
  const lower = action.toLowerCase();
  return actions.patterns.some((pattern) => matchesGlob(pattern, lower)) !== actions.except;
}

/** Whether a statement is about a resource, by its ARN. */
export function matchesResource({ resources }: Statement, arn: string): boolean {
  return (
    resources === null || resources.patterns.some((pattern) => matchesGlob(pattern, arn)) !== resources.except
  );
}

const GLOB_MAX = 2_048;

/** IAM's patterns: `*` for any text, `?` for one character. Runs in time of text times pattern, whatever they hold. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  if (pattern.length > GLOB_MAX || text.length > GLOB_MAX) return false;
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
