import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CloneRuleBody, InboxRule } from '../../../../src/contract/admission-rules.ts';
import {
  cloneInboxRule,
  getInboxRules,
  removeInboxRule,
  switchInboxRule,
} from '../../shared/api/rules-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { ProblemFace } from '../../shared/problem-face.tsx';
import { Switch } from './switch.tsx';

/** The rules of admission: those of the product are switched and cloned, clones are switched and removed. */
export function AdmissionRules({ canChange, onChanged }: { canChange: boolean; onChanged: () => void }) {
  const rules = useQuery({ queryKey: ['inbox-rules'], queryFn: ({ signal }) => getInboxRules(signal) });
  const [cloned, setCloned] = useState<string | null>(null);
  const switching = useMutation({
    mutationFn: ({ id, enabled }: InboxRule) => switchInboxRule(id, !enabled),
    onSuccess: onChanged,
  });
  const removing = useMutation({ mutationFn: removeInboxRule, onSuccess: onChanged });
  const cloning = useMutation({
    mutationFn: ({ id, body }: { id: string; body: CloneRuleBody }) => cloneInboxRule(id, body),
    onSuccess: () => {
      setCloned(null);
      onChanged();
    },
  });
  if (rules.isError) return <ProblemFace error={rules.error} retry={() => rules.refetch()} />;
  if (!rules.isSuccess) return null;
  const isBusy = switching.isPending || cloning.isPending || removing.isPending;
  const failed = [switching, removing].find(({ isError }) => isError)?.error;
  return (
    <section className="section" aria-labelledby="default-title">
      <header>
        <h2 id="default-title">Default, after yours</h2>
        <span className="sub">they come with the product, and clones of them</span>
      </header>
      <ul className="default-rules" aria-busy={isBusy || undefined}>
        {rules.data.items.map((rule) => (
          <li key={rule.id} data-testid="default-rule">
            <span>
              <span className="ttl told">{rule.title}</span>
              <small className="told">
                {rule.sentence}
                {rule.clonedFrom !== null && ` A clone of ${rule.clonedFrom}.`}
              </small>
            </span>
            <span className="acts">
              {canChange && (
                <button
                  type="button"
                  className="btn"
                  aria-expanded={cloned === rule.id}
                  aria-label={`Clone ${rule.title}`}
                  onClick={() => {
                    cloning.reset();
                    setCloned(cloned === rule.id ? null : rule.id);
                  }}
                >
                  Clone
                </button>
              )}
              {canChange && !rule.default && (
                <button
                  type="button"
                  className="btn"
                  aria-label={`Remove ${rule.title}`}
                  disabled={isBusy}
                  onClick={() => removing.mutate(rule.id)}
                >
                  Remove
                </button>
              )}
              <Switch
                isOn={rule.enabled}
                label={`Rule ${rule.title}`}
                isDisabled={!canChange || isBusy}
                onSwitch={() => switching.mutate(rule)}
              />
            </span>
            {cloned === rule.id && (
              <CloneForm
                rule={rule}
                busy={cloning.isPending}
                problem={cloning.isError ? asProblem(cloning.error).detail : null}
                onClone={(body) => cloning.mutate({ id: rule.id, body })}
              />
            )}
          </li>
        ))}
      </ul>
      {failed !== undefined && failed !== null && (
        <p className="said told critical" role="alert">
          {asProblem(failed).detail}
        </p>
      )}
    </section>
  );
}

/** What is to be different in a clone; its conditions are those of the rule until somebody changes them. */
function CloneForm({
  rule,
  busy,
  problem,
  onClone,
}: {
  rule: InboxRule;
  busy: boolean;
  problem: string | null;
  onClone: (body: CloneRuleBody) => void;
}) {
  const [unread, setUnread] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    try {
      const when = JSON.parse(text('when')) as CloneRuleBody['when'];
      setUnread(null);
      onClone({ title: text('title'), sentence: text('sentence') || undefined, when });
    } catch {
      setUnread('The conditions are no JSON list.');
    }
  };
  const said = unread ?? problem;
  return (
    <form className="rule-form" aria-label={`Clone of ${rule.title}`} onSubmit={submit}>
      <label>
        Name
        <input
          className="field"
          name="title"
          required
          maxLength={200}
          defaultValue={`${rule.title} (clone)`}
        />
      </label>
      <label>
        Says
        <input className="field" name="sentence" maxLength={500} defaultValue={rule.sentence} />
      </label>
      <label>
        All of these hold
        <textarea
          className="field"
          name="when"
          rows={Math.min(12, JSON.stringify(rule.when, null, 2).split('\n').length)}
          spellCheck={false}
          defaultValue={JSON.stringify(rule.when, null, 2)}
        />
      </label>
      {said !== null && (
        <p className="said told critical" role="alert">
          {said}
        </p>
      )}
      <button type="submit" className="btn" disabled={busy}>
        Make the clone
      </button>
    </form>
  );
}
