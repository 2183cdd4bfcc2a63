import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AutomationRule, RuleInput, RulesEdit } from '../../../../src/contract/automation-rule.ts';
import { findingTypeSchema } from '../../../../src/contract/finding-type.ts';
import { previewRules } from '../../shared/api/rules-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { Icon } from '../../shared/icon.tsx';
import { toggled } from '../../shared/inbox-address.ts';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { typeWords } from '../../shared/words.ts';
import { ActionFields } from './action-fields.tsx';
import { idOfName, inputOf } from './rule-draft.ts';
import { RulePreview } from './rule-preview.tsx';

/** A rule whose reason is still to be written counts as with any: what it does does not depend on it. */
function countable(input: RuleInput): RuleInput {
  const { action } = input;
  return action.type === 'inbox' && action.reason === ''
    ? { ...input, action: { ...action, reason: 'New rule' } }
    : input;
}

/** How long typing rests before the preview is asked for; in milliseconds. */
const REST = 400;

/** One rule to write, with what it would do if it were saved now. */
export function RuleEditor({
  rule,
  taken,
  canChange,
  busy,
  problem,
  onSave,
  onRemove,
  onClose,
}: {
  /** As it is; a new one has no id. */
  rule: RuleInput | AutomationRule;
  taken: ReadonlySet<string>;
  canChange: boolean;
  busy: boolean;
  /** Why it was not saved; null: nothing was refused. */
  problem: string | null;
  onSave: (edit: RulesEdit, id: string) => void;
  onRemove: () => void;
  onClose: () => void;
}) {
  const isNew = rule.id === '';
  const name = useRef<HTMLInputElement>(null);
  // A new one is to be written: the keys go there, and back when it is left.
  useLayoutEffect(() => {
    if (!isNew) return;
    const before = document.activeElement;
    name.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [isNew]);
  const [draft, setDraft] = useState<RuleInput>(() => inputOf(rule));
  const [rested, setRested] = useState(draft);
  useEffect(() => {
    const rest = setTimeout(() => setRested(draft), REST);
    return () => clearTimeout(rest);
  }, [draft]);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(inputOf(rule));
  const editOf = (input: RuleInput): RulesEdit => ({
    what: 'put',
    rule: {
      ...input,
      id: isNew ? idOfName(input.name, taken) : input.id,
      name: input.name.trim() === '' ? 'New rule' : input.name.trim(),
    },
    position: null,
  });
  const asked = editOf(countable(rested));
  const isRestedChanged = JSON.stringify(rested) !== JSON.stringify(inputOf(rule));
  const isCountable = rested.action.type !== 'ticket' || rested.action.receiver !== '';
  const preview = useQuery({
    queryKey: ['rule-preview', asked],
    queryFn: ({ signal }) => previewRules(asked, signal),
    placeholderData: keepPreviousData,
    retry: false,
    enabled: canChange && (!isNew || isRestedChanged) && isCountable,
  });
  const lacking =
    draft.name.trim() === ''
      ? 'It needs a name'
      : draft.findingTypes.length === 0
        ? 'It needs a finding type'
        : draft.action.type === 'ticket' && draft.action.receiver === ''
          ? 'It needs a tracker'
          : null;
  const canSave = canChange && isChanged && lacking === null && !busy;
  const save = () => {
    const edit = editOf(draft);
    if (canSave && edit.what === 'put') onSave(edit, edit.rule.id);
  };
  const change = (changed: Partial<RuleInput>) => setDraft((before) => ({ ...before, ...changed }));
  return (
    <aside className="panel col" aria-label="Rule" data-testid="rule-editor">
      <div className="ptop">
        <span>{isNew ? 'New rule' : `Rule ${rule.id}`}</span>
        <div className="right">
          <button type="button" className="icon" aria-label="Close" title="Close  (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <ScrollBox label="The rule" className="scroll">
        <form
          className="rule-form"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
          }}
        >
          <fieldset disabled={!canChange} className="plain-set">
            <label>
              Name
              <input
                ref={name}
                className="field"
                maxLength={200}
                value={draft.name}
                onChange={({ target: { value } }) => change({ name: value })}
              />
            </label>
            <label>
              When
              <textarea
                className="field mono"
                rows={2}
                maxLength={2_000}
                spellCheck={false}
                placeholder="every finding of its types"
                value={draft.query}
                onChange={({ target: { value } }) => change({ query: value })}
              />
            </label>
            <fieldset className="types">
              <legend>Finding types</legend>
              {findingTypeSchema.options.map((type) => (
                <label key={type}>
                  <input
                    type="checkbox"
                    className="check"
                    checked={draft.findingTypes.includes(type)}
                    onChange={() => change({ findingTypes: toggled(draft.findingTypes, type) ?? [] })}
                  />
                  {typeWords[type]}
                </label>
              ))}
            </fieldset>
            <ActionFields action={draft.action} onChange={(action) => change({ action })} />
          </fieldset>
        </form>
        <section className="block open" aria-labelledby="preview-title" aria-live="polite">
          <h3 id="preview-title">If saved now</h3>
          {!canChange && <p className="muted">Who administers can change rules and see what that does.</p>}
          {preview.isError && <p className="told critical">{asProblem(preview.error).detail}</p>}
          {canChange && preview.isPending && (
            <p className="muted">
              {isNew && !isChanged
                ? 'Write when it is to act, and see what that does.'
                : isCountable
                  ? 'Counting'
                  : 'Choose a tracker, and see what that does.'}
            </p>
          )}
          {preview.isSuccess && asked.what === 'put' && (
            <RulePreview preview={preview.data} rule={asked.rule.id} />
          )}
        </section>
      </ScrollBox>
      {canChange && (
        <footer className="foot ask">
          <button type="button" className="btn main" disabled={!canSave} onClick={save}>
            Save rule
          </button>
          <button type="button" className="btn" disabled={!isChanged} onClick={() => setDraft(inputOf(rule))}>
            Discard
          </button>
          {!isNew && (
            <button type="button" className="btn quiet" disabled={busy} onClick={onRemove}>
              Remove
            </button>
          )}
          {isChanged && problem === null && <span className="muted">{lacking}</span>}
          <span className="told critical">{problem}</span>
        </footer>
      )}
    </aside>
  );
}
