import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RulesEdit } from '../../../src/contract/automation-rule.ts';
import { AdmissionRules } from '../features/automation/admission-rules.tsx';
import { ChangeAtWork } from '../features/automation/change-at-work.tsx';
import { Receivers } from '../features/automation/receivers.tsx';
import {
  inputOf,
  newRule,
  type RuleType,
  ruleTypes,
  ruleTypeWords,
} from '../features/automation/rule-draft.ts';
import { RuleEditor } from '../features/automation/rule-editor.tsx';
import { RuleList } from '../features/automation/rule-list.tsx';
import { RulesFile } from '../features/automation/rules-file.tsx';
import { Foot } from '../features/foot/foot.tsx';
import type { Said } from '../features/foot/said.ts';
import { getReceivers } from '../shared/api/receiver-api.ts';
import { changeRules, getAutomation } from '../shared/api/rules-api.ts';
import { getSession } from '../shared/api/session-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { Icon } from '../shared/icon.tsx';
import { reloadInbox } from '../shared/inbox-queries.ts';
import { counted, countText } from '../shared/number-text.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { useNow } from '../shared/use-now.ts';

const route = getRouteApi('/frame/automation');
const NEW = 'new';

/** The rules of the organisation: their types, the rules of one in order, and one of them to write. */
export function AutomationPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/automation' });
  const client = useQueryClient();
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal) });
  const rules = useQuery({ queryKey: ['automation'], queryFn: ({ signal }) => getAutomation(signal) });
  const receivers = useQuery({ queryKey: ['receivers'], queryFn: ({ signal }) => getReceivers(signal) });
  const canChange = session.data?.role === 'administer';
  const isFile = search.as === 'file';
  const isOutside = search.as === 'receivers';
  const isRules = !isFile && !isOutside;
  const now = useNow();
  const type: RuleType = ruleTypes.find((each) => each === search.type) ?? 'inbox';
  const open = (rule: string | undefined) => void navigate({ search: (before) => ({ ...before, rule }) });
  const changed = () => {
    for (const key of ['automation', 'inbox-rules', 'rules-file', 'issue'])
      void client.invalidateQueries({ queryKey: [key] });
    void reloadInbox(client);
  };
  const change = useMutation({ mutationFn: changeRules, onSuccess: changed });
  const [said, setSaid] = useState<Said | null>(null);
  const close = () => {
    change.reset();
    open(undefined);
  };
  useKeys({
    ...(search.rule !== undefined && { close }),
    ...(said?.undo && { undo: said.undo }),
    ...(canChange && { 'new-rule': () => void navigate({ search: { type, rule: NEW } }) }),
  });

  const items = rules.data?.items ?? [];
  const ofType = items.filter((rule) => rule.type === type);
  const edited = search.rule === NEW ? newRule(type) : (items.find(({ id }) => id === search.rule) ?? null);
  const perform = (edit: RulesEdit, then: () => void) => {
    setSaid(null);
    change.mutate(edit, { onSuccess: then });
  };
  /** What was done, with what takes it back. */
  const performed = (text: string, title: string, back: RulesEdit) =>
    setSaid({ text, title, undo: () => perform(back, () => setSaid({ text: 'As it was:', title })) });
  const about = isFile
    ? 'all rules as one file'
    : isOutside
      ? 'where tickets are made and messages go'
      : ruleTypeWords[type].does;
  const refusal = change.isError ? asProblem(change.error).detail : null;
  const isSaidHere = said !== null && !isOutside && refusal === null;

  return (
    <main id="main" className={edited === null || !isRules ? 'work' : 'work open'} data-testid="automation">
      <title>Automation · Security Inbox</title>
      <aside className="facets col" aria-label="Types of rules">
        <div className="top">
          <h2>Automation</h2>
        </div>
        <ScrollBox label="Types of rules, scrolling" className="scroll">
          <ul className="views">
            {ruleTypes.map((each) => (
              <li key={each}>
                <button
                  type="button"
                  className="fv"
                  aria-current={(isRules && each === type) || undefined}
                  onClick={() => navigate({ search: { type: each } })}
                >
                  <span className="lab cut">{ruleTypeWords[each].name}</span>
                  <span className="n">{countText(items.filter((rule) => rule.type === each).length)}</span>
                </button>
              </li>
            ))}
          </ul>
          <p className="aside-words muted">
            Severity is changed first; the other types then see it and do not see each other. Within a type
            the first rule that matches acts.
          </p>
          <h3>As code</h3>
          <ul className="views">
            <li>
              <button
                type="button"
                className="fv"
                aria-current={isFile || undefined}
                onClick={() => navigate({ search: { as: 'file' } })}
              >
                <span className="lab">rules.yaml</span>
              </button>
            </li>
          </ul>
          <h3>Outside</h3>
          <ul className="views">
            <li>
              <button
                type="button"
                className="fv"
                aria-current={isOutside || undefined}
                onClick={() => navigate({ search: { as: 'receivers' } })}
              >
                <span className="lab cut">Trackers and webhooks</span>
                <span className="n">{receivers.isSuccess && countText(receivers.data.items.length)}</span>
              </button>
            </li>
          </ul>
        </ScrollBox>
      </aside>
      <section className="list col" aria-label="Rules">
        <header className="head">
          <h1>{isFile ? 'rules.yaml' : isOutside ? 'Trackers and webhooks' : ruleTypeWords[type].name}</h1>
          <span className="sub wide cut" title={about}>
            {about}
          </span>
          <select
            className="field only-narrow"
            aria-label="Type of rules"
            value={isRules ? type : search.as}
            onChange={({ target: { value } }) =>
              navigate({
                search: value === 'file' || value === 'receivers' ? { as: value } : { type: value },
              })
            }
          >
            {ruleTypes.map((each) => (
              <option key={each} value={each}>
                {ruleTypeWords[each].name}
              </option>
            ))}
            <option value="file">rules.yaml</option>
            <option value="receivers">Trackers and webhooks</option>
          </select>
          {canChange && isRules && (
            <div className="right">
              <button type="button" className="btn" onClick={() => open(NEW)}>
                <Icon name="plus" /> New rule
              </button>
            </div>
          )}
        </header>
        {rules.isError ? (
          <ProblemFace error={rules.error} retry={() => rules.refetch()} />
        ) : rules.isPending ? (
          <TableSkeleton label="Reading the rules" />
        ) : (
          <ScrollBox label="Rules, scrolling" className="sections" busy={change.isPending}>
            <ChangeAtWork isOurs={change.isPending} />
            {isOutside ? (
              <Receivers canChange={canChange} now={now} />
            ) : isFile ? (
              <RulesFile
                key={JSON.stringify(items.map(inputOf))}
                canChange={canChange}
                busy={change.isPending}
                onApply={(edit) => perform(edit, () => setSaid({ text: 'Applied:', title: 'rules.yaml' }))}
              />
            ) : (
              <>
                <section className="section" aria-labelledby="own-title">
                  <header>
                    <h2 id="own-title">Yours, in order</h2>
                    <span className="sub">{counted(ofType.length, 'rule')}</span>
                  </header>
                  {ofType.length === 0 ? (
                    <p className="muted">No rule yet. A rule of this type {ruleTypeWords[type].does}.</p>
                  ) : (
                    <RuleList
                      rules={ofType}
                      opened={search.rule ?? null}
                      canChange={canChange}
                      onOpen={open}
                      onOrder={(ids) =>
                        perform({ what: 'order', type, ids: [...ids] }, () =>
                          performed('Another order:', ruleTypeWords[type].name, {
                            what: 'order',
                            type,
                            ids: ofType.map(({ id }) => id),
                          }),
                        )
                      }
                      onSwitch={({ id, name, enabled }) =>
                        perform({ what: 'switch', id, isEnabled: !enabled }, () =>
                          performed(enabled ? 'Switched off:' : 'Switched on:', name, {
                            what: 'switch',
                            id,
                            isEnabled: enabled,
                          }),
                        )
                      }
                    />
                  )}
                </section>
                {type === 'inbox' && <AdmissionRules canChange={canChange} onChanged={changed} />}
              </>
            )}
          </ScrollBox>
        )}
        {isSaidHere && <Foot said={said} aside={null} />}
        {refusal !== null && edited === null && (
          <p className="foot said told critical" role="alert">
            {refusal}
          </p>
        )}
      </section>
      {edited !== null && isRules && (
        <RuleEditor
          // Of a rule that was written otherwise meanwhile the draft starts anew; of one that was only read again it stays.
          key={JSON.stringify(inputOf(edited))}
          rule={edited}
          taken={new Set(items.map(({ id }) => id))}
          canChange={canChange}
          busy={change.isPending}
          problem={refusal}
          onSave={(edit, id) =>
            perform(edit, () => {
              setSaid({ text: 'Saved:', title: edit.what === 'put' ? edit.rule.name : id });
              open(id);
            })
          }
          onRemove={() =>
            perform({ what: 'remove', id: edited.id }, () => {
              const position = items.find(({ id }) => id === edited.id)?.position ?? null;
              performed('Removed:', edited.name, { what: 'put', rule: inputOf(edited), position });
              close();
            })
          }
          onClose={close}
        />
      )}
    </main>
  );
}
